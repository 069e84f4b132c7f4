import Testing
import TrainingTestSupport

@testable import Training

@Suite struct HistoryTests {
    @Test func csvIsExactlyThis() {
        #expect(
            history(training: [0.5, 0.75], test: [0.25, 0.6666666]).csv == """
                epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds,samples_per_second
                1,0.500000,0.500000,0.750000,0.250000,0.500,2000
                2,0.250000,0.750000,0.333333,0.666667,0.500,2000

                """)
    }

    @Test func csvLeavesTestColumnsEmptyWithoutTests() {
        #expect(
            history(training: [0.5], test: nil).csv == """
                epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds,samples_per_second
                1,0.500000,0.500000,,,0.500,2000

                """)
    }

    @Test func bestIsTheFirstOfEquals() {
        #expect(history(training: [0.1, 0.2, 0.3, 0.4], test: [0.1, 0.9, 0.9, 0.8]).best?.number == 2)
        #expect(history(training: [0.1], test: nil).best == nil)
    }

    @Test func ratesFollowFromCountsAndSeconds() {
        let run = history(training: [0.1, 0.2], test: nil)
        #expect(run.stepsPerSecond == 20)
        #expect(run.epochs[0].samplesPerSecond == 2000)
    }

    @Test func endingsSayWhere() {
        #expect(History.Ending.finished.place == nil)
        #expect(History.Ending.cancelled(epoch: 1, step: 0).place == "before the first step")
        #expect(History.Ending.cancelled(epoch: 3, step: 0).place == "after epoch 2")
        #expect(History.Ending.cancelled(epoch: 3, step: 1).place == "in epoch 3, after 1 step")
    }
}

/// The gap between the curves, in sentences.
@Suite struct GapVerdictTests {
    @Test func curvesThatLieTogetherAreNoTrainingVerdict() {
        let judgement = TrainingVerdict(history(training: [0.8, 0.91, 0.94], test: [0.81, 0.905, 0.935]))
        #expect(judgement.kind == .fits)
        #expect(
            judgement.sentence == "No overfitting: training accuracy is only 0.5 points above test accuracy.")
    }

    @Test func testAboveTrainingIsNoTrainingVerdict() {
        let judgement = TrainingVerdict(history(training: [0.8, 0.90], test: [0.81, 0.92]))
        #expect(judgement.kind == .fits)
        #expect(judgement.sentence == "No overfitting: test accuracy is 2.0 points above training accuracy.")
    }

    // The notebook's lesson: 300 examples, learned by heart.
    @Test func curvesThatPartAreStrongTrainingVerdict() {
        let judgement = TrainingVerdict(
            history(training: [0.3, 0.6, 0.8, 0.95, 1.0], test: [0.3, 0.58, 0.7, 0.75, 0.75]),
            testCount: 10_000)
        #expect(judgement.kind == .overfitted)
        #expect(abs(judgement.gap - 0.25) < 1e-12)
        #expect(judgement.partingEpoch == 2)
        #expect(judgement.peakEpoch == 4)
        #expect(
            judgement.sentence == """
                Overfitting: the network gets 100.00 % of its training examples right and 75.00 % of the others, \
                25.0 points less; the curves part after epoch 2. More training examples help most.
                """)
    }

    @Test func aFallSinceThePeakIsNamed() {
        let judgement = TrainingVerdict(
            history(training: [0.5, 0.8, 0.9], test: [0.5, 0.86, 0.82]), testCount: 10_000)
        #expect(judgement.kind == .someOverfitting)
        #expect(abs(judgement.fall - 0.04) < 1e-12)
        #expect(
            judgement.sentence == """
                Some overfitting: the network gets 90.00 % of its training examples right and 82.00 % of the \
                others, 8.0 points less; the curves part after epoch 2; test accuracy was best (86.00 %) after \
                epoch 2 and has fallen 4.0 points since. More training examples help most.
                """)
    }

    // With 50 test examples at 80 %, twice the standard error is 2 √(0.8 · 0.2 / 50) = 11.3 points.
    @Test func fewTestExamplesAllowForChance() {
        let run = history(training: [0.5, 0.91], test: [0.5, 0.8])
        #expect(TrainingVerdict(run, testCount: 50).kind == .fits)
        #expect(TrainingVerdict(run, testCount: 10_000).kind == .overfitted)
    }

    @Test func nothingCanBeSaidWithoutTests() {
        #expect(TrainingVerdict(history(training: [0.5], test: nil)).kind == .unknown)
        #expect(TrainingVerdict(history(training: [], test: [])).kind == .unknown)
    }
}
