import Arrays
import CKernels
import COneDNN

/// Kernel values between some rows, packed here, and columns of other rows: what both training and prediction ask for.
///
/// One of the few places with pointers: a block writes `count` rows of `columns.count` values, each `stride` after the
/// one before, and reads only the packed rows and `right`.
struct KernelBlock {
    private enum Packed {
        case bytes([UInt8], shifts: [Int32])
        case numbers([Float])
    }

    let kernel: KernelFunction
    let count: Int
    private let packed: Packed
    private let norms: [Float]
    private let width: Int
    private let scale: Float

    /// The rows `indices` of `left`.
    init(_ kernel: KernelFunction, _ left: FeatureRows, rows indices: some Collection<Int>) {
        let width = left.width
        self.kernel = kernel
        self.width = width
        count = indices.count
        scale = left.scale
        norms = indices.map { left.norms[$0] }
        switch left.values {
        case .bytes(let values):
            var shifts = [Int32](repeating: 0, count: indices.count)
            let bytes = values.withUnsafeBufferPointer { values in
                [UInt8](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                    for (row, index) in indices.enumerated() {
                        var sum: Int32 = 0
                        for column in 0..<width {
                            let byte = UInt8(bitPattern: values[index * width + column]) ^ 0x80
                            target[row * width + column] = byte
                            sum &+= Int32(byte)
                        }
                        // <a, b> = <a, b - 128> + 128 sum(a)
                        shifts[row] = 128 &* sum
                    }
                    filled = indices.count * width
                }
            }
            packed = .bytes(bytes, shifts: shifts)
        case .numbers(let values):
            packed = .numbers(
                values.withUnsafeBufferPointer { values in
                    [Float](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                        for (row, index) in indices.enumerated() {
                            for column in 0..<width {
                                target[row * width + column] = values[index * width + column]
                            }
                        }
                        filled = indices.count * width
                    }
                })
        }
    }

    /// target[r * stride + c - columns.lowerBound] = K(row r, right row c).
    ///
    /// - Precondition: `right` has the same width and kind of values; `target` has room for
    ///   (count - 1) * stride + columns.count values.
    func fill(
        _ right: FeatureRows, columns: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        precondition(right.width == width && columns.upperBound <= right.count, "rows of another width")
        guard count > 0, !columns.isEmpty else { return }
        switch (packed, right.values) {
        case (.bytes(let left, let shifts), .bytes(let other)):
            target.withMemoryRebound(to: Int32.self, capacity: (count - 1) * stride + columns.count) {
                integers in
                other.withUnsafeBufferPointer { other in
                    guard let base = other.baseAddress else { return }
                    let status = cdnn_inner_products_u8s8(
                        Int64(count), Int64(columns.count), Int64(width), left, Int64(width),
                        base + columns.lowerBound * width, Int64(width), integers, Int64(stride))
                    precondition(status == 0, "oneDNN refused a product of bytes (status \(status))")
                }
            }
            apply(right, columns, target, stride, shifts: shifts)
        case (.numbers(let left), .numbers(let other)):
            if case .custom(_, let function) = kernel {
                for row in 0..<count {
                    let x = left.span.extracting(row * width..<(row + 1) * width)
                    for column in columns {
                        target[row * stride + column - columns.lowerBound] = function(
                            x, other.span.extracting(column * width..<(column + 1) * width))
                    }
                }
                return
            }
            other.withUnsafeBufferPointer { other in
                guard let base = other.baseAddress else { return }
                let status = cdnn_inner_products_f32(
                    Int64(count), Int64(columns.count), Int64(width), left, Int64(width),
                    base + columns.lowerBound * width, Int64(width), target, Int64(stride))
                precondition(status == 0, "oneDNN refused a product (status \(status))")
            }
            apply(right, columns, target, stride, shifts: nil)
        default: preconditionFailure("rows of bytes beside rows of numbers")
        }
    }

    /// Makes kernel values of inner products, in place.
    private func apply(
        _ right: FeatureRows, _ columns: Range<Int>, _ target: UnsafeMutablePointer<Float>, _ stride: Int,
        shifts: [Int32]?
    ) {
        guard var settings = kernel.settings(scale: scale * right.scale) else { return }
        right.norms.withUnsafeBufferPointer { norms in
            guard let base = norms.baseAddress else { return }
            for row in 0..<count {
                ck_svm_apply(
                    &settings, shifts == nil ? 0 : 1, shifts?[row] ?? 0, self.norms[row],
                    base + columns.lowerBound,
                    target + row * stride, Int64(columns.count))
            }
        }
    }

    /// The same over all columns of `right`, cut into blocks that the pool's threads take.
    func fill(_ right: FeatureRows, into target: UnsafeMutablePointer<Float>, stride: Int) {
        // Each part writes its own columns. 2,048 columns of 256 rows are 2 MB, made and transformed in one go.
        let block = 2048
        let parts = (right.count + block - 1) / block
        inParts(parts) { part in
            let columns = part * block..<min(right.count, (part + 1) * block)
            fill(right, columns: columns, into: target + columns.lowerBound, stride: stride)
        }
    }
}
