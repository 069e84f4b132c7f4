/// A smooth surface of brightness: the paper's light, fitted to pixels by least squares.
struct PaperSurface: Sendable {
    /// The coefficients of 1, x, y and, of degree 2, x^2, xy, y^2; x and y are -1...1 over the picture.
    private var coefficients: [Double]

    /// The surface through the pixels of `plane` that belong to `paper`; flat where they are too few.
    init(_ plane: Plane, paper: Mask, degree: Int) {
        let terms = degree == 0 ? 1 : degree == 1 ? 3 : 6
        var matrix = [Double](repeating: 0, count: terms * terms)
        var right = [Double](repeating: 0, count: terms)
        var basis = [Double](repeating: 1, count: 6)
        var count = 0
        for y in 0..<plane.height {
            for x in 0..<plane.width where paper.bits[y * plane.width + x] {
                Self.fill(&basis, x, y, plane)
                let value = Double(plane.values[y * plane.width + x])
                count += 1
                for row in 0..<terms {
                    right[row] += basis[row] * value
                    for column in 0...row { matrix[row * terms + column] += basis[row] * basis[column] }
                }
            }
        }
        coefficients = [count > 0 ? right[0] / Double(count) : 0]
        if terms > 1, count >= 4 * terms, let solution = Self.solve(matrix, right) { coefficients = solution }
    }

    /// What the plane differs by from the surface.
    func difference(of plane: Plane) -> Plane {
        var result = plane
        var basis = [Double](repeating: 1, count: 6)
        for y in 0..<plane.height {
            for x in 0..<plane.width {
                Self.fill(&basis, x, y, plane)
                var level = 0.0
                for term in coefficients.indices { level += coefficients[term] * basis[term] }
                result.values[y * plane.width + x] -= Float(level)
            }
        }
        return result
    }

    private static func fill(_ basis: inout [Double], _ x: Int, _ y: Int, _ plane: Plane) {
        let u = (2 * Double(x) + 1) / Double(plane.width) - 1
        let v = (2 * Double(y) + 1) / Double(plane.height) - 1
        (basis[1], basis[2], basis[3], basis[4], basis[5]) = (u, v, u * u, u * v, v * v)
    }

    /// Cholesky's way, for the lower half of a symmetric matrix; nil for one that is singular.
    private static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        let n = right.count
        var factor = matrix
        var solution = right
        for row in 0..<n {
            for column in 0...row {
                var sum = factor[row * n + column]
                for k in 0..<column { sum -= factor[row * n + k] * factor[column * n + k] }
                if row == column {
                    guard sum > 1e-9 * max(1, matrix[row * n + row]) else { return nil }
                    factor[row * n + row] = sum.squareRoot()
                } else {
                    factor[row * n + column] = sum / factor[column * n + column]
                }
            }
            for k in 0..<row { solution[row] -= factor[row * n + k] * solution[k] }
            solution[row] /= factor[row * n + row]
        }
        for row in stride(from: n - 1, through: 0, by: -1) {
            for k in row + 1..<max(n, row + 1) { solution[row] -= factor[k * n + row] * solution[k] }
            solution[row] /= factor[row * n + row]
        }
        return solution
    }
}
