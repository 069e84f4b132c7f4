import EvaluationMetrics
import Testing

/// Intervals and tests against SciPy 1.17.1: `binomtest(k, n).proportion_ci(0.95, "wilson")` and
/// `binomtest(b, b + c, 0.5).pvalue`.
@Suite struct PairedTestTests {
    @Test(arguments: [
        (9705, 10000, 0.9669987234833, 0.9736399340498934), (0, 10, 0, 0.27753279986288926),
        (10, 10, 0.7224672001371109, 1), (1, 2, 0.09453120573423074, 0.9054687942657693),
        (180, 200, 0.8505941875672826, 0.9343295513309041),
        (15, 150, 0.06154138382631411, 0.15843481166814719),
        (9999, 10000, 0.9994337311025987, 0.9999823473263989),
    ])
    func wilsonsInterval(correct: Int, count: Int, lower: Double, upper: Double) {
        let interval = ProportionInterval(correct: correct, count: count)
        #expect(abs(interval.lower - lower) < 1e-12 && abs(interval.upper - upper) < 1e-12, "\(interval)")
    }

    @Test func nothingCountedSaysNothing() {
        let interval = ProportionInterval(correct: 0, count: 0)
        #expect(interval.lower == 0 && interval.upper == 1)
    }

    @Test(
        arguments: [
            (0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (5, 1, 0.21875), (10, 10, 1), (10, 11, 1),
            (3, 17, 0.0025768280029296875), (40, 60, 0.05688793364098089), (120, 200, 9.07996856911584e-06),
            (700, 1000, 3.585261571938489e-13), (2500, 2000, 9.60884159127367e-14),
            // By hand: 2 / 2^1000.
            (0, 1000, 0x1p-999),
        ] as [(Int, Int, Double)])
    func mcNemarsExactTest(first: Int, second: Int, expected: Double) {
        for probability in [PairedTest.probability(first, second), PairedTest.probability(second, first)] {
            #expect(abs(probability / expected - 1) < 1e-9, "\(probability)")
        }
    }

    // By hand: 0.005 <= 0.05 / 4 and 0.01 <= 0.05 / 3, but 0.03 > 0.05 / 2, which ends it, also for 0.04 <= 0.05 / 1.
    @Test func holmStopsAtTheFirstThatFails() {
        #expect(PairedTest.significant([0.01, 0.04, 0.03, 0.005]) == [true, false, false, true])
        #expect(PairedTest.significant([0.05]) == [true])
        #expect(PairedTest.significant([0.026, 0.026]) == [false, false])
        #expect(PairedTest.significant([0.025, 0.05]) == [true, true])
        #expect(PairedTest.significant([0.04, 0.2], level: 0.1) == [true, false])
        #expect(PairedTest.significant([]) == [])
    }
}
