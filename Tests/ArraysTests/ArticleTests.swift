import Arrays
import Foundation
import TestSupport
import Testing

/// Every Swift expression of Documentation/NumPy.md, compiled here and held against what the article says it prints.
@Suite struct ArticleTests {
    /// The article's first Swift block.
    private static func values() -> (NDArray<Double>, NDArray<Double>) {
        let a: NDArray<Double> = [[1, 2, 3], [4, 5, 6]]
        let b = NDArray([10.0, 20, 30])
        return (a, b)
    }

    /// Each expression as text and as what it prints; one a line, because a test compares the two halves.
    // swift-format-ignore
    private static func expressions() throws -> [(code: String, printed: String)] {
        let (a, b) = values()
        return [
            (#"a.shape"#, "\(a.shape)"),
            (#"(a.ndim, a.count)"#, "\((a.ndim, a.count))"),
            (#"NDArray<Double>.zeros(2, 2)"#, "\(NDArray<Double>.zeros(2, 2))"),
            (#"NDArray<Double>.eye(2)"#, "\(NDArray<Double>.eye(2))"),
            (#"NDArray<Double>.arange(5)"#, "\(NDArray<Double>.arange(5))"),
            (#"NDArray<Int>.arange(10, 0, -3)"#, "\(NDArray<Int>.arange(10, 0, -3))"),
            (#"NDArray<Double>.linspace(0, 1, 5)"#, "\(NDArray<Double>.linspace(0, 1, 5))"),
            (#"a.asType(Int.self)"#, "\(a.asType(Int.self))"),
            (#"a[0]"#, "\(a[0])"),
            (#"a[1...]"#, "\(a[1...])"),
            (#"a[.all, 2]"#, "\(a[.all, 2])"),
            (#"a[.all, .slice(by: -1)]"#, "\(a[.all, .slice(by: -1)])"),
            (#"a[.all, .slice(from: 1, to: -1)]"#, "\(a[.all, .slice(from: 1, to: -1)])"),
            (#"a[.ellipsis, 0]"#, "\(a[.ellipsis, 0])"),
            (#"b[.all, .newAxis]"#, "\(b[.all, .newAxis])"),
            (#"b[[2, 0]]"#, "\(b[[2, 0]])"),
            (#"a[[0, 1], [2, 0]]"#, "\(a[[0, 1], [2, 0]])"),
            (#"a[a .> 4]"#, "\(a[a .> 4])"),
            (#"a[.all, b .> 10]"#, "\(a[.all, b .> 10])"),
            (#"a[at: 0, 1]"#, "\(a[at: 0, 1])"),
            (#"a + b"#, "\(a + b)"),
            (#"1 / (1 + exp(-b / 10))"#, "\(1 / (1 + exp(-b / 10)))"),
            (#"dot(a, b)"#, "\(dot(a, b))"),
            (#"matmul(a, a.T)"#, "\(matmul(a, a.T))"),
            (#"a .== 4"#, "\(a .== 4)"),
            (#"(b .> 10) .& .!(b .> 20)"#, "\((b .> 10) .& .!(b .> 20))"),
            (#"a == a"#, "\(a == a)"),
            (#"NDArray.where(b .> 10, b, 0)"#, "\(NDArray.where(b .> 10, b, 0))"),
            (#"b.clipped(to: 15...25)"#, "\(b.clipped(to: 15...25))"),
            (#"a.sum()"#, "\(a.sum())"),
            (#"a.sum(axis: 0, keepingDimensions: true)"#, "\(a.sum(axis: 0, keepingDimensions: true))"),
            (#"a.mean(axis: 1)"#, "\(a.mean(axis: 1))"),
            (#"a.std()"#, "\(a.std())"),
            (#"a.argMax(axis: 1)"#, "\(a.argMax(axis: 1))"),
            (#"a.cumulativeSum(axis: 1)"#, "\(a.cumulativeSum(axis: 1))"),
            (#"NDArray([1, 2, 3]) + a"#, "\(NDArray([1, 2, 3]) + a)"),
            (#"NDArray([1, 2]) * 2.5"#, "\(NDArray([1, 2]) * 2.5)"),
            (#"(a .> 1) * (a .< 6)"#, "\((a .> 1) * (a .< 6))"),
            (#"5 % NDArray([2, 3])"#, "\(5 % NDArray([2, 3]))"),
            (#"NDArray([5, 6]) >> 1"#, "\(NDArray([5, 6]) >> 1)"),
            (#"hypot(b, 40)"#, "\(hypot(b, 40))"),
            (#"fmod(-b, 7)"#, "\(fmod(-b, 7))"),
            (#"b.clipped(to: 15...)"#, "\(b.clipped(to: 15...))"),
            (#"NDArray([.nan, 1.0]).replacingNaN()"#, "\(NDArray([.nan, 1.0]).replacingNaN())"),
            (#"NDArray.select([b .< 15, b .< 25], [b, -b])"#, "\(NDArray.select([b .< 15, b .< 25], [b, -b]))"),
            (#"isClose(b, b + NDArray([0, 1e-5, 1]))"#, "\(isClose(b, b + NDArray([0, 1e-5, 1])))"),
            (#"allClose(a, a + 1)"#, "\(allClose(a, a + 1))"),
            (#"a.map { $0.sum() }"#, "\(a.map { $0.sum() })"),
            (#"a.sum(initial: 100)"#, "\(a.sum(initial: 100))"),
            (#"a.sum(axis: 1, where: a .> 2)"#, "\(a.sum(axis: 1, where: a .> 2))"),
            (#"a.max(axis: [0, 1], keepingDimensions: true)"#, "\(a.max(axis: [0, 1], keepingDimensions: true))"),
            (#"a.variance(axis: [0, 1])"#, "\(a.variance(axis: [0, 1]))"),
            (#"(a .> 5).any(axis: [0, 1])"#, "\((a .> 5).any(axis: [0, 1]))"),
            (#"a.cumulativeProduct(axis: 1)"#, "\(a.cumulativeProduct(axis: 1))"),
            (#"NDArray([3, 1, 4, 1]).cumulativeMaximum()"#, "\(NDArray([3, 1, 4, 1]).cumulativeMaximum())"),
            (#"NDArray([1, .nan, 3.0]).nanSum()"#, "\(NDArray([1, .nan, 3.0]).nanSum())"),
            (#"NDArray([1, .nan, 3.0]).nanArgMax()"#, "\(NDArray([1, .nan, 3.0]).nanArgMax())"),
            (#"b.norm()"#, "\(b.norm())"),
            (#"a.norm(order: 1)"#, "\(a.norm(order: 1))"),
            (#"try solve(NDArray<Double>.eye(3), b)"#, "\(try solve(NDArray<Double>.eye(3), b))"),
            (#"a.median()"#, "\(a.median())"),
            (#"a.median(axis: 0)"#, "\(a.median(axis: 0))"),
            (#"b.percentile(75)"#, "\(b.percentile(75))"),
            (#"a.percentiles([25, 75])"#, "\(a.percentiles([25, 75]))"),
            (#"a.quantile(0.4, method: .nearest)"#, "\(a.quantile(0.4, method: .nearest))"),
            (#"a.quantile(0.9, axis: 1, keepingDimensions: true)"#, "\(a.quantile(0.9, axis: 1, keepingDimensions: true))"),
            (#"b.average(weights: NDArray([1, 0, 3]))"#, "\(b.average(weights: NDArray([1, 0, 3])))"),
            (#"a.peakToPeak(axis: 1)"#, "\(a.peakToPeak(axis: 1))"),
            (#"a.covariance()"#, "\(a.covariance())"),
            (#"a.correlation()"#, "\(a.correlation())"),
            (#"a.histogram(bins: 3).counts"#, "\(a.histogram(bins: 3).counts)"),
            (#"a.histogram(bins: 2, range: (0, 8)).edges"#, "\(a.histogram(bins: 2, range: (0, 8)).edges)"),
            (#"a.histogram(bins: 2, density: true).sums"#, "\(a.histogram(bins: 2, density: true).sums)"),
            (#"b.digitized(by: [5, 15, 25])"#, "\(b.digitized(by: [5, 15, 25]))"),
            (#"NDArray([0, 2, 2]).binCount()"#, "\(NDArray([0, 2, 2]).binCount())"),
            (#"a.differences(axis: 1)"#, "\(a.differences(axis: 1))"),
            (#"b.trapezoid()"#, "\(b.trapezoid())"),
            (#"b.searchSorted([5, 20, 99])"#, "\(b.searchSorted([5, 20, 99]))"),
            (#"b.searchSorted(20, side: .right)"#, "\(b.searchSorted(20, side: .right))"),
            (#"a.isIn([2, 5])"#, "\(a.isIn([2, 5]))"),
            (#"(a .> 4).argWhere()"#, "\((a .> 4).argWhere())"),
            (#"(a .> 4).flatNonzero()"#, "\((a .> 4).flatNonzero())"),
            (#"(a .> 2).countNonzero(axis: 0)"#, "\((a .> 2).countNonzero(axis: 0))"),
            (#"(-a).flattened().partitioned(at: [2])[2]"#, "\((-a).flattened().partitioned(at: [2])[2])"),
            (#"a.takingAlongAxis([[2], [0]], axis: 1)"#, "\(a.takingAlongAxis([[2], [0]], axis: 1))"),
            (#"lexSorted([b, a[0]])"#, "\(lexSorted([b, a[0]]))"),
            (#"NDArray([3, 1, 3]).uniqueDetails().counts"#, "\(NDArray([3, 1, 3]).uniqueDetails().counts)"),
            (#"a.intersection([2, 9])"#, "\(a.intersection([2, 9]))"),
            (#"b.union([5])"#, "\(b.union([5]))"),
            (#"b.subtracting([10])"#, "\(b.subtracting([10]))"),
            (#"a.rotated()"#, "\(a.rotated())"),
            (#"a.reshaped(-1, 2)"#, "\(a.reshaped(-1, 2))"),
            (#"a.T"#, "\(a.T)"),
            (#"concatenate([b, b])"#, "\(concatenate([b, b]))"),
            (#"stack([b, b])"#, "\(stack([b, b]))"),
            (#"b.tiled(2)"#, "\(b.tiled(2))"),
            (#"b.padded(1)"#, "\(b.padded(1))"),
            (#"(-b).sorted()"#, "\((-b).sorted())"),
            (#"NDArray([3, 1, 3]).unique()"#, "\(NDArray([3, 1, 3]).unique())"),
            (#"einsum("ij,j->i", a, b)"#, "\(einsum("ij,j->i", a, b))"),
            (#"tensordot(a, b, axes: 1)"#, "\(tensordot(a, b, axes: 1))"),
            (#"kronecker(b, NDArray([1, -1]))"#, "\(kronecker(b, NDArray([1, -1])))"),
            (#"cross(a, b)"#, "\(cross(a, b))"),
            (#"try cholesky([[4, 2], [2, 5]] as NDArray<Double>)"#, "\(try cholesky([[4, 2], [2, 5]] as NDArray<Double>))"),
            (#"try symmetricEigenvalues([[2, 1], [1, 2]] as NDArray<Double>)"#, "\(try symmetricEigenvalues([[2, 1], [1, 2]] as NDArray<Double>))"),
            (#"try matrixRank(a)"#, "\(try matrixRank(a))"),
            (#"try pseudoInverse(b.diagonalMatrix())"#, "\(try pseudoInverse(b.diagonalMatrix()))"),
            (#"try leastSquares(NDArray<Double>.eye(3), b).solution"#, "\(try leastSquares(NDArray<Double>.eye(3), b).solution)"),
            (#"a.upperTriangle()"#, "\(a.upperTriangle())"),
            (#"NDArray<Double>.triangle(2, 3, offset: 1)"#, "\(NDArray<Double>.triangle(2, 3, offset: 1))"),
            (#"b.diagonalMatrix()"#, "\(b.diagonalMatrix())"),
            (#"convolve(b, NDArray([1, 1]))"#, "\(convolve(b, NDArray([1, 1])))"),
            (#"correlate(b, NDArray([1, 0, -1]), mode: .same)"#, "\(correlate(b, NDArray([1, 0, -1]), mode: .same))"),
            (#"interpolate(NDArray([5, 15]), NDArray([10, 20]), b[0..<2])"#, "\(interpolate(NDArray([5, 15]), NDArray([10, 20]), b[0..<2]))"),
            (#"power(b, 2).gradient()"#, "\(power(b, 2).gradient())"),
            (#"polynomialValues(NDArray([1, 2, 3]), at: b)"#, "\(polynomialValues(NDArray([1, 2, 3]), at: b))"),
            (#"NDArray<Double>.geomspace(1, 8, 4)"#, "\(NDArray<Double>.geomspace(1, 8, 4))"),
            (#"NDArray<Double>.logspace(0, 2, 3)"#, "\(NDArray<Double>.logspace(0, 2, 3))"),
            (#"NDArray<Int>.mgrid(0..<2, 0..<3)[1]"#, "\(NDArray<Int>.mgrid(0..<2, 0..<3)[1])"),
            (#"NDArray<Double>.full(like: a, 7)"#, "\(NDArray<Double>.full(like: a, 7))"),
            (#"NDArray.choosing(NDArray([0, 1, 0]), from: [b, -b])"#, "\(NDArray.choosing(NDArray([0, 1, 0]), from: [b, -b]))"),
            (#"a.flattened(order: .columnMajor)"#, "\(a.flattened(order: .columnMajor))"),
            (#"b.resized(2, 2)"#, "\(b.resized(2, 2))"),
            (#"b.removing(at: [1])"#, "\(b.removing(at: [1]))"),
            (#"b.inserting(NDArray(15), at: [1])"#, "\(b.inserting(NDArray(15), at: [1]))"),
            (#"b.appending(NDArray(40))"#, "\(b.appending(NDArray(40)))"),
            (#"b.padded(1, mode: .mean)"#, "\(b.padded(1, mode: .mean))"),
            (#"stackRows([b, b])"#, "\(stackRows([b, b]))"),
            (#"stackColumns([b, b])"#, "\(stackColumns([b, b]))"),
            (#"(b / 3).formatted(ArrayFormat(precision: 2))"#, "\((b / 3).formatted(ArrayFormat(precision: 2)))"),
            (#"NDArray<Int>.arange(2000).formatted(ArrayFormat(threshold: 9, edgeItems: 2))"#, "\(NDArray<Int>.arange(2000).formatted(ArrayFormat(threshold: 9, edgeItems: 2)))"),
        ]
    }

    /// Each statement, run on a copy of a.
    // swift-format-ignore
    private static func statements() -> [(code: String, printed: String)] {
        let (a, b) = values()
        return [
            (#"c[1] = b"#, { var c = a; c[1] = b; return "\(c)" }()),
            (#"c[at: 0, 1] = 9"#, { var c = a; c[at: 0, 1] = 9; return "\(c)" }()),
            (#"c[c .> 3] = 0"#, { var c = a; c[c .> 3] = 0; return "\(c)" }()),
            (#"c[.all, .slice(by: 2)] = -1"#, { var c = a; c[.all, .slice(by: 2)] = -1; return "\(c)" }()),
            (#"c[[1, 0], [0, 2]] = [7, 8]"#, { var c = a; c[[1, 0], [0, 2]] = [7, 8]; return "\(c)" }()),
            (#"c += b"#, { var c = a; c += b; return "\(c)" }()),
            (#"c[0] *= 2"#, { var c = a; c[0] *= 2; return "\(c)" }()),
            (#"c %= 4"#, { var c = a; c %= 4; return "\(c)" }()),
            (#"c += NDArray([1, 0, 1])"#, { var c = a; c += NDArray([1, 0, 1]); return "\(c)" }()),
            (#"var random = RandomState(42); c = random.randn(3)"#, { var c = a; var random = RandomState(42); c = random.randn(3); return "\(c)" }()),
        ]
    }

    @Test func theArticleSaysWhatIsPrinted() throws {
        let rows = try article().split(separator: "\n").filter { $0.hasPrefix("| `") }.map(cells)
        let cases = try Self.expressions() + Self.statements()
        #expect(rows.count == cases.count)
        for (row, item) in paired(rows, cases) {
            #expect(row.count == 3)
            #expect(row[1] == item.code)
            #expect(row[2] == item.printed, "\(item.code)")
        }
    }

    /// What is compiled is what stands beside it as text.
    @Test func theTextsAreTheCode() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        var count = 0
        for line in source.split(separator: "\n") {
            if let match = line.wholeMatch(of: /\s+\(#"(.*)"#, "\\\((.*)\)"\),/) {
                #expect(match.output.1 == match.output.2)
                count += 1
            } else if let match = line.wholeMatch(
                of: /\s+\(#"(.*)"#, \{ var c = a; (.*); return "\\\(c\)" \}\(\)\),/)
            {
                #expect(match.output.1 == match.output.2)
                count += 1
            }
        }
        #expect(try count == Self.expressions().count + Self.statements().count)
        for line in ["let a: NDArray<Double> = [[1, 2, 3], [4, 5, 6]]", "let b = NDArray([10.0, 20, 30])"] {
            #expect(try article().contains("\n" + line + "\n"))
            #expect(source.contains("        " + line + "\n"))
        }
    }

    private func article() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("Documentation/NumPy.md"), encoding: .utf8)
    }

    /// The cells of a table's row: the code in them, lines parted by <br>.
    private func cells(_ row: Substring) -> [String] {
        row.dropFirst(2).dropLast(2).components(separatedBy: " | ").map { cell in
            cell.components(separatedBy: "<br>").map { String($0.dropFirst().dropLast()) }
                .joined(separator: "\n")
        }
    }
}
