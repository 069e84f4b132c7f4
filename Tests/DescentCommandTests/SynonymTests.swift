import Descent
import Testing

@testable import DescentCommand

/// Names from other tools. What is expected follows from the tools' own documentation: scikit-learn's `gaussian` kernel is
/// rbf, PyTorch's SiLU is swish, Keras calls the mean squared error mse.
@Suite struct SynonymTests {
    private func resolved(_ line: String) -> String {
        Synonyms.resolved(line.split(separator: " ").map(String.init)).joined(separator: " ")
    }

    @Test(arguments: [
        ("train --learning-rate 0.1", "train --lr 0.1"), ("train --learning_rate=0.1", "train --lr=0.1"),
        ("train --optimiser Adam", "train --optimizer adam"), ("train --batch 32", "train --batch-size 32"),
        ("train --batch_size 32", "train --batch-size 32"),
        ("train --Optimizer=SGD", "train --optimizer=sgd"),
        ("train --loss MSE", "train --loss mean-squared-error"),
        ("train --loss cross_entropy:smoothing=0.1", "train --loss cross-entropy:smoothing=0.1"),
        ("train --loss BCE", "train --loss binary-cross-entropy"),
        ("train --activation swish", "train --activation silu"),
        ("train --activation Leaky_ReLU:0.1", "train --activation leaky-relu:0.1"),
        ("train --model svm --kernel Gaussian", "train --model svm --kernel rbf"),
        ("train --model SVC --kernel poly:degree=4", "train --model svm --kernel polynomial:degree=4"),
        ("train --schedule OneCycle", "train --schedule one-cycle"),
        ("train --schedule Warm-Up:100+Cosine", "train --schedule warm-up:100+cosine"),
        ("train --model knn --metric Euclidean", "train --model knn --metric l2"),
        ("train --features HOG:norm=L2-Hys", "train --features hog:norm=L2-Hys"),
        ("train --precision fp32", "train --precision float32"),
        ("train --data Fashion_MNIST", "train --data fashion-mnist"),
        ("train --class-weights Trouser=2", "train --class-weights Trouser=2"),
        ("train --model conv:16@5/2n,64", "train --model conv:16@5/2n,64"),
        ("train --data ./My_Photos", "train --data ./My_Photos"),
        ("train -o models/x -q", "train --out models/x --quiet"), ("version", "--version"),
        ("-V", "--version"),
        ("gradcheck two-layer --spoil sum", "gradcheck two-layer --inject-bug sum"),
        ("tune --range learning_rate=1e-3..1:log", "tune --range lr=1e-3..1:log"),
        ("tune --range optimizer=Adam,SGD", "tune --range optimizer=adam,sgd"),
        ("tune --range model=mlp:64|MLP:256,128", "tune --range model=mlp:64|mlp:256,128"),
        ("tune --val-split 0.2", "tune --validation 0.2"),
        // A number that is out of range belongs to its flag.
        ("train --model knn --k -3", "train --model knn --k=-3"),
        ("train --patience -1 --lr-range -1..2", "train --patience=-1 --lr-range=-1..2"),
        ("predict runs/latest --index -1", "predict runs/latest --index=-1"),
        // What is not known stays, and so does what stands behind --.
        ("train --nonsense Adam", "train --nonsense Adam"),
        ("predict m -- --learning-rate", "predict m -- --learning-rate"),
        ("train --deskew Adam", "train --deskew Adam"),
    ])
    func commandLines(typed: String, expected: String) { #expect(resolved(typed) == expected) }

    @Test func blanksInAModelAreLeftOut() {
        #expect(
            Synonyms.resolved(["train", "--model", "mlp:256, 128"]) == ["train", "--model", "mlp:256,128"])
        #expect(Synonyms.model("LeNet") == "lenet")
    }

    /// Every name that the table maps to is one that the program knows.
    @Test func everySynonymMeansSomething() throws {
        for (flag, values) in [
            ("--optimizer", ["nag", "gd"]), ("--loss", ["mse", "bce", "ce", "smooth-l1", "log-loss"]),
            ("--activation", ["swish", "linear", "logistic"]), ("--schedule", ["onecycle", "exp:0.9"]),
            ("--precision", ["bfloat16", "single"]), ("--data", ["digits", "emnist"]),
        ] {
            for value in values { _ = try Train.parse([flag, Synonyms.value(value, of: flag)]) }
        }
        for value in ["gaussian", "poly", "tanh"] {
            _ = try KernelFunction(parsing: Synonyms.value(value, of: "--kernel"))
        }
        for value in ["euclidean", "manhattan", "cos"] {
            _ = try Metric(parsing: Synonyms.value(value, of: "--metric"))
        }
        for value in ["svc", "k-nn", "logreg", "linear-svc", "nearestcentroid"] {
            #expect(ClassicalModel(Synonyms.model(value)) != nil, "\(value)")
        }
    }

    /// By hand: one letter exchanged, two neighbours swapped, one left out.
    @Test func distances() {
        #expect(Suggestion.distance("train", "train") == 0)
        #expect(Suggestion.distance("trian", "train") == 1)
        #expect(Suggestion.distance("lastest", "latest") == 1)
        #expect(Suggestion.distance("", "abc") == 3)
        #expect(Suggestion.distance("kitten", "sitting") == 3)
        #expect(Suggestion.nearest("evaluat", among: ["train", "evaluate"]) == "evaluate")
        #expect(Suggestion.nearest("export", among: ["train", "evaluate"]) == nil)
    }

    @Test(arguments: [("0.2", HeldBack.share(0.2)), ("0", .share(0)), ("1", .count(1)), ("500", .count(500))])
    func heldBack(text: String, expected: HeldBack) { #expect(HeldBack(argument: text) == expected) }

    @Test func heldBackCounts() {
        #expect(HeldBack(argument: "-0.1") == nil && HeldBack(argument: "1.5") == nil)
        #expect(HeldBack(argument: "nan") == nil && HeldBack(argument: "-2") == nil)
        #expect(HeldBack.share(0.1).count(of: 205) == 21)
        #expect(HeldBack.share(1e-9).count(of: 10) == 1)
        #expect(HeldBack.count(7).count(of: 10) == 7)
    }
}
