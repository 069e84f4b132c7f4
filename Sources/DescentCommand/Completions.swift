import Descent

/// The values that a shell offers after flags whose settings have names: values that can be used as they are.
enum Completions {
    static let losses = ["cross-entropy", "mean-squared-error", "binary-cross-entropy", "hinge", "huber:1"]
    static let schedules = [
        "constant", "step:5", "exponential:0.95", "cosine", "one-cycle", "plateau", "warm-up:100+cosine",
    ]
    static let augmentations =
        Augmentation.names + [
            "none",
            "shift=2,flip=0.5", "shift=2", "shift=2,rotate=10", "shift=2,rotate=10,scale=0.1",
        ]
    /// The words of the methods' names, for a part of one.
    static let methods = ComparedMethod.all().reduce(into: [String]()) { words, method in
        for word in "\(method.features) \(method.classifier) \(method.name)".lowercased().split(
            separator: " ")
        where word.count > 2 && !words.contains(String(word)) { words.append(String(word)) }
    }
    /// What the program `descent-exchange` writes; a test compares the two.
    static let exportFormats = ["onnx", "coreml", "safetensors", "npz", "libsvm", "numpy-script"]
    static let averages = ["ema:0.999", "swa:from=1000"]
}
