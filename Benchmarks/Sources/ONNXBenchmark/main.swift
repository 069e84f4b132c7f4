import Foundation
import ONNXImport

// `onnx-bench FILE BATCH SECONDS`: the time to open an ONNX file of an image classifier, of its first run, and the best of the
// runs that fit into some seconds. `Benchmarks/peers/onnx_models.py` makes the files and does the same with onnxruntime.

let arguments = CommandLine.arguments
guard arguments.count == 4, let batch = Int(arguments[2]), let seconds = Double(arguments[3]) else {
    print("onnx-bench FILE BATCH SECONDS")
    exit(64)
}
let clock = ContinuousClock()
var start = clock.now
let model = try ONNXModel(contentsOf: arguments[1])
let opening = clock.now - start
guard let input = model.inputs.first, var shape = input.shape?.map({ $0 ?? 1 }), !shape.isEmpty else {
    print("a model with one input of a known shape is needed")
    exit(65)
}
shape[0] = batch
let count = shape.reduce(1, *)
let pixels = try ONNXTensor((0..<count).map { Float(Double($0) / Double(count)) }, shape: shape)
var first: Duration?
var best = Duration.seconds(1_000_000)
let end = clock.now + .seconds(seconds)
repeat {
    start = clock.now
    _ = try model.run([input.name: pixels])
    let time = clock.now - start
    if first == nil { first = time }
    best = min(best, time)
} while clock.now < end
print("opened in \(opening), first run \(first ?? .zero), best \(best)")
