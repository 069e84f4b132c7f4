import COneDNN
import Descent

extension Benchmark {
    /// A product of two float matrices of small integers.
    static func matrixProduct(rows: Int, inner: Int, columns: Int) -> Benchmark {
        let work = 2 * Double(rows) * Double(inner) * Double(columns) / 1e9
        return Benchmark(
            name: "matrix product \(rows)x\(inner)x\(columns)", unit: .perSecond(items: work, of: "GFLOP")
        ) { _ in
            let a = NDArray<Float>(shape: [rows, inner], elements: (0..<rows * inner).map { Float($0 % 7) })
            let b = NDArray<Float>(
                shape: [inner, columns], elements: (0..<inner * columns).map { Float($0 % 5) })
            var c = NDArray<Float>(shape: [rows, columns], repeating: 0)
            return .body {
                a.withUnsafeElements { a in
                    b.withUnsafeElements { b in
                        c.withUnsafeMutableElements { c in
                            _ = cdnn_matmul_f32(
                                0, 0, rows, columns, inner, a.baseAddress, inner,
                                b.baseAddress, columns, 0, c.baseAddress, columns)
                        }
                    }
                }
            }
        }
    }
}
