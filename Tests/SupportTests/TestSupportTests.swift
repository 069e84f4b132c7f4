import Arrays
import Autodiff
import Foundation
import Support
import TestSupport
import Testing

/// The tests' own tools find what they are there to find.
@Suite struct ClosenessTests {
    private func mismatch(
        _ found: [Double], _ wanted: [Double], absolute: Double = 0, relative: Double = 0
    ) -> String? { Closeness.mismatch(found, wanted, absolute: absolute, relative: relative) }

    @Test func whatIsCloseIs() {
        #expect(mismatch([1, 2], [1, 2]) == nil)
        #expect(mismatch([1, 2.25], [1, 2], absolute: 0.25) == nil)
        #expect(mismatch([110, 0], [100, 0], relative: 0.1) == nil)
        #expect(mismatch([.infinity, -.infinity], [.infinity, -.infinity]) == nil)
        #expect(Closeness.mismatch([Float(0.1)], [0.1], absolute: 1e-8) == nil)
    }

    @Test func whatIsNotIsSaid() {
        #expect(mismatch([1, 2.25, 5], [1, 2, 3], absolute: 0.2) == "2 of 3 differ; [1] is 2.25, not 2.0")
        #expect(mismatch([1e-9], [0], relative: 0.5) == "1 of 1 differ; [0] is 1e-09, not 0.0")
        #expect(Closeness.mismatch([Float(0.1)], [0.1], absolute: 1e-10) != nil)
        #expect(mismatch([1, 2], [1]) == "2 numbers, not 1" && mismatch([], [1]) == "0 numbers, not 1")
        #expect(mismatch([], []) == "no numbers to compare")
    }

    @Test(
        arguments: [
            (.nan, 0), (0, .nan), (.nan, .nan), (.infinity, -.infinity), (.infinity, 1), (1, .infinity),
        ] as [(Double, Double)])
    func noToleranceReachesWhatIsNotFinite(found: Double, wanted: Double) {
        #expect(mismatch([found], [wanted], absolute: .infinity, relative: .infinity) != nil)
        #expect(mismatch([found], [wanted], absolute: 1e300, relative: 1) != nil)
    }

    @Test func anotherShapeFails() {
        let row = NDArray<Double>(shape: [1, 2], elements: [1, 2])
        expectClose(row, row)
        expectClose(row, [1, 2], [1, 2])
        withKnownIssue { expectClose(row, NDArray<Double>(shape: [2, 1], elements: [1, 2])) }
        withKnownIssue { expectClose(row, [2], [1, 2]) }
        withKnownIssue {
            expectClose(row, NDArray<Float>(shape: [1, 2], elements: [1, 2.5]), absolute: 0.4)
        }
    }

    @Test func theLargestDifferenceMissesNothing() {
        #expect(largestDifference([1, 2.5] as [Float], [1.25, 2]) == 0.5)
        #expect(largestDifference([Double.infinity], [Double.infinity]) == 0)
        #expect(largestDifference([0, Double.nan, 0], [0, 0, 0] as [Double]) == .infinity)
        #expect(largestDifference([0, 0] as [Float], [Double.nan, 0]) == .infinity)
        #expect(largestDifference([1, 2] as [Float], [1] as [Double]) == .infinity)
        #expect(largestDifference([] as [Float], [] as [Double]) == .infinity)
    }

    @Test func loopsHaveSomethingToCompare() {
        #expect(paired([1, 2], ["a", "b"]).map { "\($0)\($1)" } == ["1a", "2b"])
        #expect(notEmpty([1, 2]) == [1, 2])
        withKnownIssue { _ = paired([1, 2], [1]) }
        withKnownIssue { _ = paired([] as [Int], [1]) }
        withKnownIssue { _ = paired([] as [Int], [] as [Int]) }
        withKnownIssue { _ = notEmpty([] as [Int]) }
    }
}

@Suite struct OperatorCheckTests {
    @Test func aRightOperatorPasses() {
        OperatorCheck(
            name: "square times", shapes: [[2, 3], [3]], value: { $0[0] * $0[0] * $0[1] }
        ) { $0[0] * $0[0] * $0[1] }.expectAll()
        OperatorCheck(name: "flat", shapes: [[3]], low: -2, high: -0.5, isFlat: true) { $0[0].relu() }
            .expectAll()
    }

    @Test func aWrongValueIsFound() {
        let twice: OperatorCheck.Oracle = { $0[0] * 2 }
        withKnownIssue {
            OperatorCheck(name: "x", shapes: [[2]], value: twice) { $0[0] * 2.001 }.expectValue()
        }
        withKnownIssue {
            OperatorCheck(name: "x", shapes: [[2]], value: twice) { ($0[0] * 2).reshaped(to: [2, 1]) }
                .expectValue()
        }
        withKnownIssue { OperatorCheck(name: "x", shapes: [[2]]) { $0[0] }.expectValue() }
    }

    /// x c, where c has the value of x and no gradient, is the square with half of its gradient.
    @Test func aWrongGradientIsFound() {
        let half = OperatorCheck(name: "half", shapes: [[2]]) { $0[0] * $0[0].tape.constant($0[0].value) }
        withKnownIssue { half.expectGradients() }
        let none = OperatorCheck(name: "none", shapes: [[2]]) { $0[0].tape.constant($0[0].value) }
        withKnownIssue { none.expectGradients() }
        // What is called flat must be.
        let flat = OperatorCheck(name: "flat", shapes: [[2]], isFlat: true) { $0[0] * 2 }
        withKnownIssue { flat.expectGradients() }
    }

    /// A tolerance that lets everything pass finds no spoiled gradient.
    @Test func aCheckThatFindsNothingIsFound() {
        let square = OperatorCheck(name: "square", shapes: [[2]]) { $0[0] * $0[0] }
        withKnownIssue { square.expectSpoiledGradientsAreFound(tolerance: 10) }
    }
}

@Suite struct FilesOfTestsTests {
    @Test func directoriesGoWithTheirTest() async throws {
        let path = try withTemporaryDirectory { directory in
            try AtomicFile.createDirectory(at: directory + "/a/\u{301}b")
            try AtomicFile.write("x", to: directory + "/a/\u{301}b/c")
            #expect(symlink("/tmp", directory + "/link") == 0)
            #expect(
                try names(in: directory) == ["a", "link"] && contents(directory + "/a/\u{301}b/c") == [0x78])
            return directory
        }
        #expect(!Files.exists(path) && Files.exists("/tmp"))
        struct Stop: Error {}
        var left = ""
        await #expect(throws: Stop.self) {
            try await withTemporaryDirectory { directory in
                left = directory
                await Task.yield()
                #expect(Files.isDirectory(directory))
                throw Stop()
            }
        }
        #expect(left != "" && left != path && !Files.exists(left))
    }

    @Test func errorsAreWords() async {
        struct Other: Error {}
        #expect(failure {} == "no error")
        #expect(
            failure(in: "/t/x") { throw DescentError(.badData, "bad", at: "/t/x/a") } == "badData: DIR/a: bad"
        )
        #expect(failure { throw Other() }.hasPrefix("another error: Other"))
        let late = await failure {
            await Task.yield(); throw DescentError(.usage, "late")
        }
        #expect(late == "usage: late")
    }

    /// The fuzzer itself: the same seed gives the same inputs, a foreign error is told, and the counts add up.
    @Test func fuzzing() {
        var inputs: [[UInt8]] = []
        let all = fuzz([[1, 2, 3, 4]], seed: 3) { inputs.append($0) }
        var again: [[UInt8]] = []
        let refusing = fuzz([[1, 2, 3, 4]], seed: 3) {
            again.append($0)
            if $0.count > 4 { throw DescentError(.badData, "long") }
        }
        #expect(inputs == again && inputs.count == mutationCount && Set(inputs).count > 100)
        #expect(all.accepted == mutationCount && all.refused == 0 && all.other == nil)
        #expect(refusing.accepted + refusing.refused == mutationCount && refusing.other == nil)
        #expect(refusing.refused == inputs.count { $0.count > 4 } && refusing.refused > 0)
        let other = fuzz([[1]], seed: 4) { if $0.isEmpty { throw CocoaError(.fileNoSuchFile) } }
        #expect(other.other?.hasPrefix("seed 4, round ") == true)
    }

    @Test func vectorsAreReadBesideTheirTest() throws {
        #expect(throws: (any Error).self) { try vectorData("none.json") }
        let primitives = try PrimitiveVectors.load()
        #expect(
            primitives.cases.count > 40
                && primitives.targets.shape.reduce(1, *) == primitives.targets.elements.count)
        #expect(SharedFiles.folder.hasPrefix("/") && SharedFiles.path("a/b") == SharedFiles.folder + "/a/b")
        #expect(!SharedFiles.have(["no such file"]))
        #expect(
            "\(SharedFiles.reason(["data/mnist", "b"]))"
                == "needs ../shared/data/mnist and ../shared/b; DESCENT_SHARED names another folder")
    }
}
