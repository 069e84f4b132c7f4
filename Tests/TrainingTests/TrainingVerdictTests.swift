import Arrays
import Datasets
import ExampleData
import Models
import Networks
import Support
import TestSupport
import Testing

@testable import Classification
@testable import Training

/// Twenty short trainings, each with what it must be called. What is expected follows from how the run was made: a rate that
/// is far too large or too small, labels that say nothing, examples that are too few, epochs that are too few.
@Suite struct TrainingVerdictTests {
    /// A training by its name, and what makes it so.
    struct Case: CustomStringConvertible, Sendable {
        var name: String
        var expected: Set<TrainingVerdict.Kind>
        var examples = 400
        var epochs = 20
        var rate: Float = 0.5
        var model = "mlp:16"
        /// Labels drawn by chance: nothing can be learned of them but by heart.
        var isShuffled = false
        /// Only those of every other example.
        var isHalfShuffled = false
        /// So many of ten examples are of the first class.
        var frequent = 0
        var patience: Patience?
        var optimizer: @Sendable (Float) -> any Optimizer = { SGD(learningRate: $0) }
        var loss: Loss = .crossEntropy
        /// Bright noise over the squares: harder to see.
        var isHard = false
        var description: String { name }
    }

    static let cases: [Case] = [
        Case(name: "usual", expected: [.fits]),
        Case(name: "usual, adam", expected: [.fits], rate: 0.01, optimizer: { Adam(learningRate: $0) }),
        Case(
            name: "usual, convolution", expected: [.fits], epochs: 10, rate: 0.2, model: "conv:4@3n,pool,16"),
        Case(name: "usual, with patience", expected: [.fits], epochs: 40, patience: Patience(3)),
        Case(name: "usual, squares", expected: [.fits], epochs: 60, rate: 1, loss: .meanSquaredError),
        Case(name: "rate 1000", expected: [.diverged], epochs: 3, rate: 1000),
        Case(name: "rate 1e30", expected: [.diverged], epochs: 3, rate: 1e30),
        Case(
            name: "rate 1000, momentum", expected: [.diverged], epochs: 3, rate: 1000,
            optimizer: {
                Momentum(learningRate: $0, momentum: 0.9)
            }),
        Case(
            name: "rate 1000, squares", expected: [.notLearned], epochs: 3, rate: 1000,
            loss: .meanSquaredError),
        Case(
            name: "rate 1e30, patience", expected: [.diverged], epochs: 5, rate: 1e30, patience: Patience(2)),
        Case(name: "rate 1e-6", expected: [.notLearned], epochs: 3, rate: 1e-6),
        Case(
            name: "rate 1e-6, patience", expected: [.notLearned], epochs: 5, rate: 1e-6, patience: Patience(2)
        ),
        Case(name: "no signal, one epoch", expected: [.notLearned], epochs: 1, rate: 0.001, isShuffled: true),
        Case(
            name: "by heart", expected: [.overfitted], examples: 60, epochs: 400, rate: 0.5, model: "mlp:64",
            isShuffled: true),
        Case(
            name: "few and hard", expected: [.overfitted], examples: 24, epochs: 200, rate: 0.3,
            model: "mlp:32",
            isHard: true),
        Case(
            name: "few and hard, patience", expected: [.overfitted, .underfitted, .someOverfitting],
            examples: 24,
            epochs: 200, rate: 0.3, model: "mlp:32", patience: Patience(5), isHard: true),
        Case(
            name: "half the labels by chance", expected: [.underfitted], epochs: 4, rate: 0.1,
            isHalfShuffled: true),
        Case(
            name: "half the labels by chance, one epoch", expected: [.underfitted], epochs: 1, rate: 0.15,
            isHalfShuffled: true),
        Case(
            name: "nine in ten of one class, small rate", expected: [.notLearned], epochs: 1, rate: 0.0001,
            frequent: 9),
        Case(name: "nine in ten of one class, usual rate", expected: [.fits], epochs: 40, frequent: 9),
    ]

    private func images(_ test: Case, _ count: Int, seed: Int) -> LabeledExamples {
        var images = ToyImages.make(count, seed: seed)
        var random = RandomState(seed + 100)
        var labels = images.classes
        if test.frequent > 0 {
            // Of the first class as many as were asked for, the rest of the others.
            let whole = ToyImages.make(count * 4, seed: seed)
            let classes = whole.classes
            var (first, others): ([Int32], [Int32]) = ([], [])
            for (row, label) in classes.enumerated() {
                if label == 0 { first.append(Int32(row)) } else { others.append(Int32(row)) }
            }
            let rows = (0..<count).map { place in
                place % 10 < test.frequent ? first[place % first.count] : others[place]
            }
            images = whole.gathered(rows)
            labels = images.classes
        }
        if test.isShuffled { labels = labels.map { _ in Int32(random.nextUInt32() % 4) } }
        if test.isHalfShuffled {
            labels = labels.indices.map { $0 % 8 < 4 ? labels[$0] : Int32(random.nextUInt32() % 4) }
        }
        var pixels = images.images.elements
        if test.isHard {
            pixels = pixels.map { random.nextUInt32() % 5 == 0 ? UInt8(random.nextUInt32() % 256) : $0 / 3 }
        }
        return LabeledExamples(
            .bytes(NDArray(shape: images.images.shape, elements: pixels)),
            classes: labels, classNames: images.classNames)
    }

    private func history(_ test: Case) throws -> (History, testCount: Int) {
        let (training, testing) = (images(test, test.examples, seed: 1), images(test, 200, seed: 2))
        let network = try Architecture(named: test.model, inputs: 144, classes: 4).makeNetwork()
        var trainer = Trainer(
            optimizer: test.optimizer(test.rate), loss: test.loss, batchSize: 20, epochs: test.epochs,
            seed: 1,
            reinitializesWeights: true)
        trainer.patience = test.patience
        do {
            return (try trainer.fit(network, on: training, validating: testing), testing.count)
        } catch let divergence as TrainingDiverged {
            return (divergence.history, testing.count)
        }
    }

    @Test(arguments: cases) func aRunIsCalledWhatItIs(test: Case) throws {
        let (history, count) = try history(test)
        let verdict = TrainingVerdict(history, testCount: count)
        let figures =
            "\(verdict.sentence) \(history.training), test \(history.test?.accuracy ?? -1), kept \(history.keptEpoch ?? 0)"
        #expect(test.expected.contains(verdict.kind), "\(test.name): \(verdict.kind): \(figures)")
        // The words that belong to each, and the figures of the weights that are the result.
        let words: [TrainingVerdict.Kind: String] = [
            .diverged: "Diverged: ", .notLearned: "Has not learned: ", .underfitted: "Underfitting: ",
            .fits: "No overfitting: ", .someOverfitting: "Some overfitting: ", .overfitted: "Overfitting: ",
        ]
        #expect(verdict.sentence.hasPrefix(words[verdict.kind] ?? "?"), "\(verdict.sentence)")
        if [.notLearned, .underfitted, .overfitted, .someOverfitting].contains(verdict.kind) {
            #expect(verdict.sentence.contains(Numerals.percent(history.training.accuracy)), "\(figures)")
        }
        // Nobody is praised who has not learned.
        if verdict.kind == .fits { #expect(history.training.accuracy > 0.8, "\(figures)") }
        #expect(history.stepLosses.count == history.steps)
    }

    @Test func thereAreTwentyRuns() { #expect(Self.cases.count == 20) }

    // MARK: The conditions, by figures

    private func run(
        _ losses: [Double], _ accuracies: [Double], test: [Double]? = nil, start: Float = 2.3,
        counts: [Int]? = nil
    ) -> History {
        let epochs = losses.indices.map { index in
            History.Epoch(
                number: index + 1, training: Scores(loss: losses[index], accuracy: accuracies[index]),
                test: test.map { Scores(loss: losses[index], accuracy: $0[index]) }, seconds: 1, steps: 1,
                samples: 1)
        }
        var history = History(
            epochs: epochs, training: Scores(loss: losses.last ?? .nan, accuracy: accuracies.last ?? .nan),
            test: epochs.last?.test, trainingSeconds: 1, steps: 1, stepLosses: [start])
        history.guessing = Guessing(counts: counts ?? [Int](repeating: 100, count: 10))
        return history
    }

    private func kind(_ history: History) -> TrainingVerdict.Kind {
        TrainingVerdict(history, testCount: 1000).kind
    }

    @Test func divergenceIsTenTimesTheStart() {
        #expect(kind(run([23.1], [0.5], test: [0.5])) == .diverged)
        #expect(kind(run([22.9], [0.9], test: [0.9])) == .fits)
        // A run that began with good weights is measured by guessing: ln 10 = 2.303.
        #expect(kind(run([1], [0.9], test: [0.9], start: 0.01)) == .fits)
        #expect(kind(run([494.6], [0.1], test: [0.1])) == .diverged)
    }

    // Guessing one of ten equal classes: 10 %, and 14.5 % is a twentieth of the way to all.
    @Test func learningBeginsAboveGuessing() {
        #expect(kind(run([2.29], [0.145], test: [0.1])) == .notLearned)
        #expect(kind(run([2.29], [0.146], test: [0.14])) == .underfitted)
        // Probabilities were learned before an answer changed: 10 % below ln 10.
        #expect(kind(run([2.05], [0.1], test: [0.1])) == .underfitted)
        // One class of nine in ten: always answering it is 90 %.
        let unequal = [900] + [Int](repeating: 11, count: 9)
        #expect(kind(run([0.55], [0.9], test: [0.9], counts: unequal)) == .notLearned)
    }

    @Test func underfittingIsThreeQuartersOfTheWay() {
        #expect(kind(run([0.9], [0.774], test: [0.77])) == .underfitted)
        #expect(kind(run([0.9], [0.776], test: [0.77])) == .fits)
        let still = TrainingVerdict(
            run([1.2, 1.1, 1.0, 0.9], [0.4, 0.5, 0.6, 0.7], test: [0.4, 0.5, 0.6, 0.7]))
        #expect(still.sentence.contains("its loss was still falling"))
        let over = TrainingVerdict(
            run([1.2, 1.1, 1.0, 0.99], [0.4, 0.5, 0.6, 0.7], test: [0.4, 0.5, 0.6, 0.7]))
        #expect(over.sentence.contains("its loss falls no more"))
    }

    @Test func theKeptEpochIsJudged() {
        var history = run([0.5, 0.4, 0.1], [0.85, 0.9, 1], test: [0.84, 0.88, 0.7])
        #expect(kind(history) == .overfitted)
        history.keptEpoch = 2
        (history.training, history.test) = (history.epochs[1].training, history.epochs[1].test)
        let verdict = TrainingVerdict(history, testCount: 1000)
        #expect(verdict.kind == .fits)
        #expect(
            verdict.sentence == "No overfitting: training accuracy is only 2.0 points above test accuracy.")
        #expect(verdict.peakEpoch == 2 && verdict.fall == 0)
    }

    // Shares and entropy by hand: 3 of 4; -(0.75 ln 0.75 + 0.25 ln 0.25) = 0.5623351446188083.
    @Test func guessingByHand() {
        let guessing = Guessing(of: [0, 0, 0, 1], classes: 3)
        #expect(guessing.accuracy == 0.75 && guessing.count == 4)
        #expect(abs((guessing.loss ?? 0) - 0.5623351446188083) < 1e-15)
        // Two standard errors: 2 sqrt(0.75 · 0.25 / 4) = 0.4330127018922193.
        #expect(abs(guessing.limit() - 1.1830127018922193) < 1e-15)
        #expect(Guessing(of: [0, 1], classes: 2, loss: false).loss == nil)
    }

    @Test func anEvaluationThatOnlyGuessesIsCalledSo() {
        let labels = ["a", "b"]
        let guess = Evaluation(
            classNames: labels, actual: [Int32](repeating: 0, count: 60) + [Int32](repeating: 1, count: 40),
            predicted: [Int32](repeating: 0, count: 100), loss: 1)
        #expect(TrainingVerdict(guess).kind == .notLearned)
        #expect(
            TrainingVerdict(guess).sentence
                == "No better than guessing: always answering the most frequent class gets 60.00 % of these right."
        )
        let good = Evaluation(
            classNames: labels, actual: [0, 1], predicted: [0, 1], loss: 0)
        #expect(TrainingVerdict(good).kind == .notLearned)  // Two examples say nothing: 50 % ± 71 %.
        let many = [Int32](repeating: 0, count: 50) + [Int32](repeating: 1, count: 50)
        #expect(
            TrainingVerdict(Evaluation(classNames: labels, actual: many, predicted: many, loss: 0)).kind
                == .unknown)
    }
}
