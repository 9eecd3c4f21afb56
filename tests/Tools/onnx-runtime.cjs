// Runs an ONNX model: node onnx-runtime.cjs MODEL DIMENSIONS INPUT OUTPUT, from a folder whose node_modules hold
// onnxruntime-node. DIMENSIONS is "7x1x8x8"; INPUT and OUTPUT are little-endian floats back to back.
'use strict';

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const ort = createRequire(path.join(process.cwd(), 'package.json'))('onnxruntime-node');

async function main([model, dimensions, input, output]) {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  if (session.inputNames.join() !== 'input' || session.outputNames.join() !== 'scores') {
    throw new Error(`Expected input and scores, got ${session.inputNames} and ${session.outputNames}.`);
  }

  const bytes = fs.readFileSync(input);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const shape = dimensions.split('x').map(Number);
  const { scores } = await session.run({ input: new ort.Tensor('float32', numbers, shape) });
  if (scores.type !== 'float32' || scores.dims.length !== 2 || scores.dims[0] !== shape[0]) {
    throw new Error(`Expected float32 scores [${shape[0]}, outputs], got ${scores.type} [${scores.dims}].`);
  }

  fs.writeFileSync(output, Buffer.from(scores.data.buffer, scores.data.byteOffset, scores.data.byteLength));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
