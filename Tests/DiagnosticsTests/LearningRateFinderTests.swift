import Arrays
import Networks
import Support
import TestSupport
import Testing

@testable import Diagnostics
@testable import Training

@Suite struct LearningRateFinderTests {
    /// A curve of given losses, without a network.
    private func curve(_ steps: Int, _ loss: (Double) -> Double) -> LearningRateCurve {
        var curve = LearningRateCurve(range: 1e-5...10, steps: steps)
        while curve.ending == nil, curve.points.count < steps {
            let rate = curve.rate(ofStep: curve.points.count)
            curve.add(rate: rate, loss: loss(rate))
        }
        return curve
    }

    @Test func ratesGrowByEqualRatios() {
        let rates = curve(7) { _ in 1 }.points.map(\.rate)
        for (rate, expected) in paired(rates, [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10]) {
            #expect(abs(rate / expected - 1) < 1e-12, "\(rates)")
        }
        #expect(rates.count == 7)
    }

    /// Averages by hand: weights 0.05 and 0.05 x 0.95 of two losses 4 and 1, over their sum.
    @Test func averagesAreUnbiased() {
        var curve = LearningRateCurve(range: 1e-3...1, steps: 9)
        curve.add(rate: 1e-3, loss: 4)
        curve.add(rate: 2e-3, loss: 1)
        #expect(abs(curve.points[0].smoothed - 4) < 1e-12)
        #expect(abs(curve.points[1].smoothed - (0.05 * 1 + 0.0475 * 4) / 0.0975) < 1e-12)
    }

    /// Falls like a logistic function of log10(rate) whose middle, its steepest place, is 10^-2; grows from 0.5 on.
    @Test func suggestsWhereTheLossFallsFastest() throws {
        let found = curve(600) { rate in
            let place = Mathematics.log10(rate) + 2
            return 0.2 + 2 / (1 + Mathematics.power(10, 2 * place)) + (rate > 0.5 ? 100 * (rate - 0.5) : 0)
        }
        #expect(found.ending == .diverged && found.points.count < 600)
        let suggestion = try #require(found.suggestion)
        // The average of the last twenty or so losses lags behind by a seventh of a decade or so.
        #expect(suggestion.rate > 8e-3 && suggestion.rate < 3e-2, "\(suggestion)")
        #expect(suggestion.bound > 0.1 && suggestion.bound < 1, "\(suggestion)")
        // The greatest slope of the logistic function is 2 x 2 ln(10) / 4; averages and lines over half a decade flatten it.
        #expect(abs(suggestion.slope - 2.302585) < 0.5, "\(suggestion)")
        #expect(found.sentence.hasPrefix("Try a learning rate of 0.0"), "\(found.sentence)")
    }

    /// A loss that falls to the end has no least that a larger rate may not beat.
    @Test func theEndOfTheRangeIsNoLeast() throws {
        let found = curve(400) { 2 - 0.15 * Mathematics.log10($0 / 1e-5) }
        #expect(found.ending == nil && found.suggestion != nil)
        #expect(found.sentence.contains("It still fell at 10.0, where the test ended"), "\(found.sentence)")
        #expect(found.summary.contains("still falls at the end of the test"), "\(found.summary)")
    }

    /// Losses at or below zero: three times the size of the least above it ends the test, and not the first one that is
    /// above four times a number below zero, which is any.
    @Test func lossesBelowZeroEndNothing() {
        #expect(curve(100) { -1 - $0 }.ending == nil)
        #expect(curve(100) { _ in 0 }.ending == nil && curve(100) { _ in -1 }.ending == nil)
        #expect(curve(100) { _ in -1 }.suggestion == nil && curve(100) { _ in 0 }.suggestion == nil)
        #expect(curve(100) { rate in rate > 0.01 ? 1e3 : -1 }.ending == .diverged)
    }

    /// A negative control: where nothing falls nothing is suggested.
    @Test func suggestsNothingOfAFlatOrRisingCurve() {
        for rises in [false, true] {
            let flat = curve(200) { rises ? 1 + $0 : 1 }
            #expect(flat.suggestion == nil)
            #expect(flat.sentence.hasPrefix("The loss never falls clearly"), "\(flat.sentence)")
        }
        #expect(curve(200) { $0 > 0.01 ? .nan : 1 }.ending == .diverged)
    }

    @Test func findsARateThatTrains() throws {
        let images = ToyImages.make(400, seed: 3)
        func network() -> Sequential {
            Sequential {
                Dense(144, 16, activation: .relu); Dense(16, 4)
            }
        }
        let trainer = Trainer(optimizer: .sgd(learningRate: 1), batchSize: 20)
        let test = LearningRateFinder(trainer, range: 1e-4...100, steps: 200)
        let curve = try test.run(network(), on: images)
        #expect(try test.run(network(), on: images) == curve)
        let rate = try #require(curve.suggestion?.rate, "\(curve.sentence)")
        let history = try Trainer(optimizer: .sgd(learningRate: Float(rate)), batchSize: 20, epochs: 4).fit(
            network(), on: images)
        #expect(history.training.accuracy > 0.95, "rate \(rate): \(history.training)")
        #expect(throws: DescentError.self) { try test.run(network(), on: images.prefix(0)) }
    }
}
