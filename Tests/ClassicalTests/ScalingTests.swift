import ArrayFiles
import Arrays
import Support
import TestSupport
import Testing

@testable import Classical

@Suite("Scaling and principal components")
struct ScalingTests {
    @Test("standard and min-max scaling of iris as scikit-learn has them")
    func scaling() throws {
        let vectors = try ClassicalVectors.load()
        let rows = NDArray(vectors.iris.rows)
        #expect(
            largestDifference(try StandardScaling(fitting: rows).apply(to: rows), vectors.standard) < 1e-6)
        #expect(
            largestDifference(try MinMaxScaling(fitting: rows, to: -1...2).apply(to: rows), vectors.minMax)
                < 1e-6)
    }

    @Test("by hand: 1, 3, 5 and a constant feature")
    func byHand() throws {
        let rows: NDArray<Float> = [[1, 7], [3, 7], [5, 7]]
        let standard = try StandardScaling(fitting: rows, constants: .kept)
        #expect(standard.means == [3, 7] && standard.scales == [(8.0 / 3).squareRoot(), 1])
        #expect(try MinMaxScaling(fitting: rows, constants: .kept).apply(to: [[2, 9]]) == [[0.25, 2]])
        for fit in [
            { _ = try StandardScaling(fitting: rows) }, { _ = try MinMaxScaling(fitting: rows) },
        ] {
            do {
                try fit()
                Issue.record("a constant feature was accepted")
            } catch let error as DescentError {
                #expect(error.place?.hasSuffix("scaling, column 1") == true && error.kind == .badData)
            }
        }
    }

    @Test("principal components as scikit-learn has them, of the covariance and of the rows")
    func components() throws {
        let vectors = try ClassicalVectors.load()
        let flowers = NDArray(vectors.iris.rows)
        let small = NDArray(vectors.small)
        for (name, rows, keeping, wanted) in [
            ("three", flowers, PrincipalComponents.Keeping.count(3), vectors.pcaFlowers),
            ("whitened", flowers, .count(2), vectors.pcaWhite),
            ("share", flowers, .share(0.95), vectors.pcaShare),
            ("small", small, .all, vectors.pcaSmall),
        ] {
            let pca = try PrincipalComponents(fitting: rows, keeping: keeping, whitening: wanted.whiten)
            #expect(largestDifference(pca.components, wanted.components) < 1e-6, "\(name)")
            #expect(
                paired(pca.explainedVariances, wanted.variances).allSatisfy { abs($0 - $1) < 1e-7 },
                "\(name)")
            #expect(
                paired(pca.explainedVarianceRatios, wanted.ratios).allSatisfy {
                    abs($0 - $1) < 1e-7
                }, "\(name)")
            #expect(largestDifference(try pca.apply(to: rows), wanted.transformed) < 1e-5, "\(name)")
        }
    }

    @Test("the same bits on any number of threads")
    func threads() throws {
        guard case .floats(let rows) = drawnExamples(5000, 30, bytes: false, seed: 2).storage else {
            Issue.record("not numbers")
            return
        }
        var first: PrincipalComponents?
        try withThreadCounts { count in
            let pca = try PrincipalComponents(fitting: rows, keeping: .count(9))
            if let first { #expect(pca == first, "\(count) threads") }
            first = pca
        }
    }

    @Test("bad rows are refused")
    func badRows() throws {
        let rows: NDArray<Float> = [[1, 2], [3, 4], [5, 7]]
        let broken = NDArray<Float>([[1, 2], [.infinity, 4]])
        let pca = try PrincipalComponents(fitting: rows, keeping: .all)
        for (name, body) in [
            ("infinite", { _ = try StandardScaling(fitting: broken) }),
            ("empty", { _ = try MinMaxScaling(fitting: .zeros(0, 3)) }),
            ("one row", { _ = try PrincipalComponents(fitting: [[1, 2]], keeping: .all) }),
            ("too many", { _ = try PrincipalComponents(fitting: rows, keeping: .count(3)) }),
            ("share", { _ = try PrincipalComponents(fitting: rows, keeping: .share(1)) }),
            ("same", { _ = try PrincipalComponents(fitting: .ones(4, 2), keeping: .all) }),
            ("width", { _ = try pca.apply(to: [[1, 2, 3]]) }),
            ("not finite", { _ = try pca.apply(to: broken) }),
            (
                "white",
                { _ = try PrincipalComponents(fitting: [[1, 1], [2, 2]], keeping: .all, whitening: true) }
            ),
        ] as [(String, () throws -> Void)] {
            #expect(throws: DescentError.self, "\(name)") { try body() }
        }
    }

    @Test("transforms come back from a file as they were")
    func storing() throws {
        let rows = NDArray(try ClassicalVectors.load().iris.rows)
        var file = SafeTensors()
        let standard = try StandardScaling(fitting: rows)
        let range = try MinMaxScaling(fitting: rows, to: -1...1)
        let pca = try PrincipalComponents(fitting: rows, keeping: .count(2), whitening: true)
        standard.store(in: &file, prefix: "a.")
        range.store(in: &file, prefix: "b.")
        pca.store(in: &file, prefix: "c.")
        #expect(try StandardScaling(from: file, prefix: "a.") == standard)
        #expect(try MinMaxScaling(from: file, prefix: "b.") == range)
        #expect(try PrincipalComponents(from: file, prefix: "c.") == pca)
        #expect(throws: DescentError.self) { try PrincipalComponents(from: file, prefix: "a.") }
        file.set(NDArray<Double>([0, 1, 1, 1]), named: "a.scales")
        #expect(throws: DescentError.self) { try StandardScaling(from: file, prefix: "a.") }
    }
}

@Suite("Deskewing")
struct DeskewingTests {
    @Test("slanted strokes as SciPy's affine transform sets them upright")
    func vectors() throws {
        let vectors = try ClassicalVectors.load()
        let images = NDArray<UInt8>(
            shape: [3, 12, 10], elements: vectors.images.joined().joined().map { UInt8($0) })
        let found = try Deskewing.apply(to: images).elements
        let wanted = Array(vectors.deskewed.joined().joined())
        #expect(found.count == wanted.count)
        #expect(paired(found, wanted).allSatisfy { abs(Double($0) - $1) <= 0.5 + 1e-6 })
    }

    @Test("images without ink stay; other shapes are refused; threads change nothing")
    func edges() throws {
        let blank = NDArray<UInt8>.zeros(2, 5, 5)
        #expect(try Deskewing.apply(to: blank) == blank)
        #expect(try Deskewing.apply(to: .zeros(0, 5, 5)).shape == [0, 5, 5])
        #expect(throws: DescentError.self) { try Deskewing.apply(to: .zeros(5, 5)) }
        guard case .bytes(let rows) = drawnExamples(200, 100, bytes: true, seed: 1).storage else {
            Issue.record("not bytes")
            return
        }
        let images = rows.reshaped(200, 10, 10)
        let first = try Deskewing.apply(to: images)
        try withThreadCounts { count in
            let again = try Deskewing.apply(to: images)
            #expect(again == first, "\(count) threads")
        }
    }
}
