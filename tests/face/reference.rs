//! The same tensors through the same networks, by ONNX Runtime in Python: beside each of what runs networks here.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use inner_room::models::Folders;
use inner_room::models::onnx::{OnnxError, Tensor, Worker};
use inner_room::senses::face::{Choice, Reader};

use crate::runtime::workers;
use crate::{DETECTOR, FACEAPI, POINTS, XCEPTIONS, faces, models, picture};

/// The largest difference of a probability that is allowed.
const MOST_APART: f32 = 0.02;

/// Whether Python has ONNX Runtime; a word where it has not.
fn python() -> bool {
    let found = Command::new("python3").args(["-c", "import numpy, onnxruntime"]).output();
    let here = found.is_ok_and(|found| found.status.success());
    if !here {
        eprintln!("skipped: ONNX Runtime (python3 has none: python3 -m pip install onnxruntime)");
    }
    here
}

/// Tensors that are put into networks, and what came out here.
struct Tried<'a> {
    folder: &'a Path,
    list: std::fs::File,
    count: usize,
}

impl<'a> Tried<'a> {
    fn new(folder: &'a Path) -> Self {
        let list = std::fs::File::create(folder.join("list.jsonl")).expect("a file");
        Self { folder, list, count: 0 }
    }

    fn add(&mut self, file: &Path, outputs: &[&str], input: &Tensor, made: &[f32]) {
        let raw = |of: &[f32]| of.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<u8>>();
        let path = |end: &str| self.folder.join(format!("{}.{end}", self.count));
        std::fs::write(path("in"), raw(&input.of)).expect("written");
        std::fs::write(path("out"), raw(made)).expect("written");
        let line = serde_json::json!({
            "model": file, "outputs": outputs, "shape": input.shape, "in": path("in"), "out": path("out"),
        });
        writeln!(self.list, "{line}").expect("written");
        self.count += 1;
    }

    /// The largest difference for each model, by its file.
    fn compared(self) -> Vec<(String, f32)> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/onnx_reference.py");
        let output = Command::new("python3").arg(script).arg(self.folder.join("list.jsonl")).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let line = |line: &str| serde_json::from_str(line).expect("a line of JSON");
        String::from_utf8_lossy(&output.stdout).lines().map(line).collect()
    }
}

/// What the detector gives for each grid, in order.
fn grids() -> Vec<String> {
    let of = |stride| ["cls", "obj", "bbox", "kps"].map(|it| format!("{it}_{stride}"));
    [8, 16, 32].into_iter().flat_map(of).collect()
}

fn flat(made: Result<Vec<Tensor>, OnnxError>) -> Vec<f32> {
    made.expect("an answer").into_iter().flat_map(|it| it.of).collect()
}

#[test]
fn networks_say_here_what_they_say_in_onnx_runtime() {
    let Some(models) = models(&[DETECTOR, XCEPTIONS[0], XCEPTIONS[1], FACEAPI, POINTS[0], POINTS[1]]) else {
        return;
    };
    let Some(faces) = faces(&models) else { return };
    if !python() {
        return;
    }
    for worker in workers() {
        says_the_same(&worker, &models, &faces);
    }
}

fn says_the_same(worker: &Worker, models: &Path, faces: &[PathBuf]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tried = Tried::new(folder.path());
    let (file, grids) = (|name: &str| models.join("face").join(name), grids());
    let grids: Vec<&str> = grids.iter().map(String::as_str).collect();
    for (model, files) in [("xception-big", &[XCEPTIONS[1], XCEPTIONS[0]][..]), ("faceapi", &[FACEAPI])] {
        let choice = Choice { expression: Some(model.to_owned()), points: model == "faceapi" };
        let reader = Reader::load_on(&Folders::of(vec![models.to_owned()]), &choice, worker);
        let reader = reader.expect("the models can be used");
        for path in faces {
            let picture = picture(path);
            let found = reader.finds().find(&picture).expect("looked at")[0];
            for (at, inputs) in reader.expressions().inputs(&picture, &found).into_iter().enumerate() {
                for input in inputs {
                    let likely = reader.expressions().probabilities(at, input.clone()).expect("an answer");
                    tried.add(&file(files[at]), &[], &input, &likely);
                }
            }
            let Some(landmarks) = reader.landmarks() else { continue };
            let input = reader.finds().input(&picture);
            tried.add(&file(DETECTOR), &grids, &input, &flat(reader.finds().run(input.clone())));
            let input = landmarks.input(&picture, &found);
            let outputs = ["Identity", "Identity_1"];
            tried.add(&file(POINTS[0]), &outputs, &input, &flat(landmarks.run(input.clone())));
            let points = landmarks.read(&picture, &found).expect("an answer").expect("points on a face");
            let input = landmarks.shapes_input(&points).expect("blendshapes are here");
            let shapes: Vec<f32> = points.shapes.iter().map(|it| it.1).collect();
            tried.add(&file(POINTS[1]), &[], &input, &shapes);
        }
    }
    let count = tried.count;
    let compared = tried.compared();
    let name = worker.backend().name();
    eprintln!("{count} tensors, in {name} and in ONNX Runtime in Python, largest difference: {compared:?}");
    assert_eq!(compared.len(), 6);
    for (model, apart) in compared {
        // Boxes and points are no probabilities, but cells, logarithms and pixels: as near as that they must be, too.
        assert!(apart < MOST_APART, "{name}, {model}: {apart}");
    }
}
