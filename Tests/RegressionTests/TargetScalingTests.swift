import Foundation
import Testing

@testable import Regression

@Suite struct TargetScalingTests {
    /// By hand: mean 4, deviation sqrt(8 / 3).
    @Test func theDeviationIsOfN() {
        let scaling = TargetScaling(fittedTo: [2, 4, 6])
        #expect(scaling.offset == 4 && abs(scaling.scale - (8.0 / 3).squareRoot()) < 1e-15)
        #expect(scaling.standardized([4]) == [0])
        let there = scaling.restored(scaling.standardized([2, 4, 6, 1000]))
        #expect(zip(there, [2, 4, 6, 1000] as [Float]).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func equalTargetsKeepTheirUnit() {
        let scaling = TargetScaling(fittedTo: [7, 7])
        #expect(scaling.scale == 1 && scaling.restored([0, 1]) == [7, 8])
        #expect(TargetScaling(fittedTo: []) == .identity)
    }

    /// The sum of the squares of Floats would overflow, that of Doubles does not.
    @Test func largeTargetsAreScaled() {
        let scaling = TargetScaling(fittedTo: [1e38, 3e38])
        #expect(scaling.scale > 0.9e38 && scaling.standardized([1e38, 3e38]) == [-1, 1])
    }

    @Test func whatIsReadIsChecked() throws {
        for text in [#"{"offset":1,"scale":0}"#, #"{"offset":1,"scale":-1}"#, #"{"offset":1}"#] {
            #expect(throws: DecodingError.self, "\(text)") {
                try JSONDecoder().decode(TargetScaling.self, from: Data(text.utf8))
            }
        }
        let scaling = TargetScaling(fittedTo: [1, 5])
        let kept = try JSONDecoder().decode(TargetScaling.self, from: JSONEncoder().encode(scaling))
        #expect(kept == scaling)
    }

    @Test(
        arguments: [
            ("price (EUR)", "EUR"), ("weight [kg]", "kg"), ("값 (원)", "원"), ("price", nil), ("(EUR)", nil),
            ("a ( km/h )", "km/h"), ("a ()", nil), ("a)", nil),
        ] as [(String, String?)])
    func aUnitStandsInBrackets(name: String, unit: String?) {
        let target = RegressionTarget(column: name)
        #expect(target.name == name && target.unit == unit)
    }
}
