import Support

extension NDArray {
    /// The elements on and below the diagonal `offset` columns to the right of the main one, zeros above it, of the
    /// matrices along the last two axes (..., M, N); `np.tril`. A vector is every row of a square.
    ///
    /// - Precondition: at least one axis.
    public func lowerTriangle(offset: Int = 0) -> NDArray { triangle { $1 <= $0 + offset } }

    /// The elements on and above the diagonal `offset` columns to the right of the main one, zeros below it; `np.triu`.
    ///
    /// - Precondition: at least one axis.
    public func upperTriangle(offset: Int = 0) -> NDArray { triangle { $1 >= $0 + offset } }

    private func triangle(_ keeps: (Int, Int) -> Bool) -> NDArray {
        require(ndim > 0, "triangles have at least one axis")
        let square = ndim == 1 ? broadcast(to: [shape[0], shape[0]]) : self
        let (rows, columns) = (square.shape[square.ndim - 2], square.shape[square.ndim - 1])
        var result = square.contiguousCopy()
        result.withUnsafeMutableElements { elements in
            for place in elements.indices {
                let (row, column) = (place / columns % rows, place % columns)
                if !keeps(row, column) { elements[place] = Scalar.zeroScalar }
            }
        }
        return result
    }

    /// Ones on and below the diagonal `offset` columns to the right of the main one (rows, columns); `np.tri`.
    public static func triangle(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> NDArray {
        NDArray.ones(rows, columns ?? rows).lowerTriangle(offset: offset)
    }

    /// A square matrix of zeros with this vector on the diagonal `offset` columns to the right of the main one;
    /// `np.diag` of a vector.
    ///
    /// - Precondition: one axis.
    public func diagonalMatrix(offset: Int = 0) -> NDArray {
        require(ndim == 1, "Input must be 1-d.")
        let length = count + Swift.abs(offset)
        var matrix = NDArray.zeros(length, length)
        let values = elements
        matrix.withUnsafeMutableElements { target in
            for (place, value) in values.enumerated() {
                target[(place + Swift.max(0, -offset)) * length + place + Swift.max(0, offset)] = value
            }
        }
        return matrix
    }
}
