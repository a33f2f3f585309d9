"""The same pipeline in Python, with ONNX Runtime, numpy and OpenCV or Pillow: a face is found in a picture, cut out, and its
expression told. The first line that comes in says which models and pictures, as JSON; the answer is a line that says what it is.
Then each line is the number of a picture, and the answer to it [milliseconds, [label, probability]...] or [milliseconds]."""

import json
import sys
import time

import numpy
import onnxruntime

try:
    import cv2

    cv2.setNumThreads(1)
except ImportError:
    from PIL import Image

    cv2 = None

GREY = numpy.array([0.299, 0.587, 0.114], dtype=numpy.float32)


def read(path):
    if cv2 is not None:
        return cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    return numpy.asarray(Image.open(path).convert("RGB"))


def resized(picture, wide, high):
    if cv2 is not None:
        smaller = wide < picture.shape[1]
        return cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return numpy.asarray(Image.fromarray(picture).resize((wide, high), Image.BILINEAR))


class Model:
    def __init__(self, path, recipe):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.recipe = recipe
        self.name = self.session.get_inputs()[0].name
        side, count = recipe["side"], 1 if recipe["colour"] == "grey" else 3
        first = recipe["layout"] == "nchw"
        self.shape = (1, count, side, side) if first else (1, side, side, count)
        wide = (1, count, 1, 1) if first else (1, 1, 1, count)
        deviation = numpy.array(recipe["deviation"][:count], dtype=numpy.float32).reshape(wide)
        self.scale = numpy.float32(recipe["full"] / 255.0) / deviation
        self.shift = numpy.array(recipe["mean"][:count], dtype=numpy.float32).reshape(wide) / deviation

    def tensor(self, picture):
        recipe = self.recipe
        if recipe["colour"] == "bgr":
            picture = picture[:, :, ::-1]
        if recipe["layout"] == "nchw":
            picture = picture.transpose(2, 0, 1)
        numbers = numpy.ascontiguousarray(picture, dtype=numpy.float32)
        if recipe["colour"] == "grey":
            numbers = numbers @ GREY
        numbers = numbers.reshape(self.shape)
        # Numbers that are as they should be are left alone: that is quicker.
        if (self.scale != 1).any():
            numbers *= self.scale
        if self.shift.any():
            numbers -= self.shift
        return numbers

    def run(self, tensor):
        return self.session.run(self.recipe["outputs"] or None, {self.name: tensor})


def nearest(model, picture):
    """The largest face: left, top, width, height, in pixels."""
    side = model.recipe["side"]
    high, wide = picture.shape[:2]
    scale = max(wide, high) / side
    seen = numpy.zeros((side, side, 3), dtype=numpy.uint8)
    small = resized(picture, round(wide / scale), round(high / scale))
    seen[: small.shape[0], : small.shape[1]] = small
    made = model.run(model.tensor(seen))
    boxes, scores = [], []
    for at, stride in enumerate((8, 16, 32)):
        kind, thing, box = (it[0] for it in made[4 * at : 4 * at + 3])
        score = numpy.sqrt(kind[:, 0].clip(0, 1) * thing[:, 0].clip(0, 1))
        (cells,) = numpy.nonzero(score >= 0.6)
        columns = side // stride
        centre = (numpy.stack((cells % columns, cells // columns), axis=1) + box[cells, :2]) * stride * scale
        size = numpy.exp(box[cells, 2:]) * stride * scale
        boxes.append(numpy.concatenate((centre - size / 2, size), axis=1))
        scores.append(score[cells])
    boxes, scores = numpy.concatenate(boxes), numpy.concatenate(scores)
    kept = []
    for at in numpy.argsort(-scores):
        ends = boxes[kept, :2] + boxes[kept, 2:]
        shared = numpy.minimum(ends, boxes[at, :2] + boxes[at, 2:]) - numpy.maximum(boxes[kept, :2], boxes[at, :2])
        both = shared.clip(0).prod(axis=1)
        areas = boxes[kept, 2:].prod(axis=1) + boxes[at, 2:].prod()
        if not len(kept) or (both / (areas - both)).max() <= 0.3:
            kept.append(at)
    return max((boxes[at] for at in kept), key=lambda box: box[2] * box[3], default=None)


def square(picture, box, scale, side):
    """A square around a box; beyond the picture its edge is seen."""
    long = max(box[2], box[3]) * scale
    left, top = box[0] + box[2] / 2 - long / 2, box[1] + box[3] / 2 - long / 2
    across = numpy.arange(round(left), round(left + long)).clip(0, picture.shape[1] - 1)
    down = numpy.arange(round(top), round(top + long)).clip(0, picture.shape[0] - 1)
    return resized(numpy.ascontiguousarray(picture[down][:, across]), side, side)


def look(detector, classifiers, picture):
    box = nearest(detector, picture)
    if box is None:
        return []
    sums, count, cut = {}, 0, {}
    for model in classifiers:
        recipe = model.recipe
        for scale in recipe["scales"]:
            key = (scale, recipe["side"])
            if key not in cut:
                cut[key] = square(picture, box, scale, recipe["side"])
            seen = [cut[key], cut[key][:, ::-1]] if recipe["mirrored"] else [cut[key]]
            for one in seen:
                made = model.run(model.tensor(one))[0].ravel()[: len(recipe["labels"])]
                if recipe["logits"]:
                    made = numpy.exp(made - made.max())
                made = made / made.sum()
                for label, likely in zip(recipe["labels"], made):
                    sums[label] = sums.get(label, 0.0) + float(likely)
                count += 1
    return [[label, total / count] for label, total in sums.items()]


def main():
    setup = json.loads(sys.stdin.readline())
    detector = Model(*setup["detector"])
    classifiers = [Model(*it) for it in setup["classifiers"]]
    pictures = [read(path) for path in setup["pictures"]]
    pixels = f"OpenCV {cv2.__version__}" if cv2 is not None else "Pillow"
    version = ".".join(str(it) for it in sys.version_info[:2])
    print(f"Python {version}, ONNX Runtime {onnxruntime.__version__}, numpy {numpy.__version__}, {pixels}", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        likely = look(detector, classifiers, pictures[int(line)])
        took = (time.perf_counter() - begun) * 1000.0
        print(json.dumps([took, *likely]), flush=True)


main()
