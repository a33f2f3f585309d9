"""Runs tensors through networks with ONNX Runtime, and prints for each network how far the answers are from those that
were worked out elsewhere, at most: a line of JSON, [file, difference], for each."""

import json
import os
import sys

import numpy
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
sessions, apart = {}, {}
for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    model = case["model"]
    if model not in sessions:
        sessions[model] = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    session = sessions[model]
    tensor = numpy.fromfile(case["in"], dtype="<f4").reshape(case["shape"])
    made = session.run(case["outputs"] or None, {session.get_inputs()[0].name: tensor})
    made = numpy.concatenate([numpy.asarray(it, dtype=numpy.float64).ravel() for it in made])
    given = numpy.fromfile(case["out"], dtype="<f4")
    # Another count is no small difference.
    largest = float(numpy.abs(made - given).max()) if made.shape == given.shape else 1e9
    apart[model] = max(apart.get(model, 0.0), largest)
for model, largest in sorted(apart.items()):
    print(json.dumps([os.path.basename(model), largest]))
