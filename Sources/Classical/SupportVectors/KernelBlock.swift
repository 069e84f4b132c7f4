import Arrays
import CKernels
import COneDNN
import Support

/// Kernel values between some rows, packed here, and columns of other rows, for both training and prediction.
///
/// One of the few places with pointers: a block writes `count` rows of `columns.count` values, each `stride` after the
/// one before, and reads only the packed rows and `right`.
struct KernelBlock {
    private enum Packed {
        case bytes([UInt8], shifts: [Int32])
        case floats([Float])
        case doubles([Double])
    }

    let kernel: KernelFunction
    let count: Int
    private let packed: Packed
    private let norms: [Float]
    private let preciseNorms: [Double]
    private let anchors: KernelAnchors?
    private let width: Int
    private let scale: Float

    /// Creates the rows `indices` of `left`.
    init(_ kernel: KernelFunction, _ left: FeatureRows, rows indices: some Collection<Int>) {
        let width = left.width
        self.kernel = kernel
        self.width = width
        count = indices.count
        scale = left.scale
        norms = indices.map { left.norms[$0] }
        preciseNorms = left.preciseNorms.isEmpty ? [] : indices.map { left.preciseNorms[$0] }
        anchors = left.anchors?.picking(Array(indices))
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
        case .floats(let values): packed = .floats(Self.gather(values, indices, width))
        case .doubles(let values): packed = .doubles(Self.gather(values, indices, width))
        }
    }

    private static func gather<Value>(_ values: [Value], _ indices: some Collection<Int>, _ width: Int)
        -> [Value]
    {
        values.withUnsafeBufferPointer { values in
            [Value](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                for (row, index) in indices.enumerated() {
                    for column in 0..<width {
                        target.initializeElement(at: row * width + column, to: values[index * width + column])
                    }
                }
                filled = indices.count * width
            }
        }
    }

    /// target[r * stride + c - columns.lowerBound] = K(row r, right row c), relative to the rows' anchors if they have any.
    ///
    /// - Precondition: `right` has the same width and kind of values; `target` has room for
    ///   (count - 1) * stride + columns.count values.
    func fill(
        _ right: FeatureRows, columns: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        require(right.width == width && columns.upperBound <= right.count, "rows of another width")
        guard count > 0, !columns.isEmpty else { return }
        switch (packed, right.values) {
        case (.bytes(let left, let shifts), .bytes(let other)):
            target.withMemoryRebound(to: Int32.self, capacity: (count - 1) * stride + columns.count) {
                integers in
                other.withUnsafeBufferPointer { other in
                    guard let base = other.baseAddress else { return }
                    let status = cdnn_inner_products_u8s8(
                        count, columns.count, width, left, width,
                        base + columns.lowerBound * width, width, integers, stride)
                    requireDone(status, "a product of bytes")
                }
            }
            apply(right, columns, target, stride, shifts: shifts)
        case (.floats(let left), .floats(let other)):
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
                    count, columns.count, width, left, width,
                    base + columns.lowerBound * width, width, target, stride)
                requireDone(status, "a product")
            }
            if !applyOffsets(right, columns, target, stride) {
                apply(right, columns, target, stride, shifts: nil)
            }
        case (.doubles, .doubles):
            // Some rows of doubles at a time, which stay in the nearest cache.
            let chunk = 128
            withUnsafeTemporaryAllocation(of: Double.self, capacity: count * chunk) { values in
                guard let values = values.baseAddress else { return }
                for first in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: chunk) {
                    let some = first..<min(columns.upperBound, first + chunk)
                    fillPrecisely(right, columns: some, into: values, stride: chunk)
                    for row in 0..<count {
                        let own = target + row * stride + first - columns.lowerBound
                        guard let anchors, let others = right.anchors else {
                            for place in 0..<some.count { own[place] = Float(values[row * chunk + place]) }
                            continue
                        }
                        others.values.withUnsafeBufferPointer { others in
                            guard let base = others.baseAddress else { return }
                            ck_svm_relative(
                                values + row * chunk, anchors.values[row], base + first, own,
                                some.count)
                        }
                    }
                }
            }
        default: mistake("rows of bytes beside rows of numbers")
        }
    }

    /// The same in double precision, not relative to anything.
    ///
    /// - Precondition: both sides are doubles.
    func fillPrecisely(
        _ right: FeatureRows, columns: Range<Int>, into target: UnsafeMutablePointer<Double>, stride: Int
    ) {
        guard case .doubles(let left) = packed, case .doubles(let other) = right.values,
            var settings = kernel.preciseSettings
        else { mistake("rows that are not doubles") }
        require(right.width == width && columns.upperBound <= right.count, "rows of another width")
        other.withUnsafeBufferPointer { other in
            right.preciseNorms.withUnsafeBufferPointer { norms in
                guard let base = other.baseAddress, let norms = norms.baseAddress else { return }
                ck_svm_products_f64(
                    left, count, base + columns.lowerBound * width, columns.count, width,
                    target, stride)
                for row in 0..<count {
                    let own = target + row * stride
                    ck_svm_apply_f64(
                        &settings, own, preciseNorms[row], norms + columns.lowerBound, own,
                        columns.count)
                }
            }
        }
    }

    /// Turns inner products of rows less their origin into kernel values, in place; false where they need no offsets.
    private func applyOffsets(
        _ right: FeatureRows, _ columns: Range<Int>, _ target: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> Bool {
        guard let anchors, let others = right.anchors, var settings = kernel.preciseSettings else {
            return false
        }
        // Of rows less their origin, inner products are relative to it already.
        if case .linear = kernel { return false }
        others.offsets.withUnsafeBufferPointer { offsets in
            others.values.withUnsafeBufferPointer { values in
                guard let offsets = offsets.baseAddress, let values = values.baseAddress else { return }
                for row in 0..<count {
                    ck_svm_apply_offset(
                        &settings, anchors.offsets[row], offsets + columns.lowerBound, anchors.values[row],
                        values + columns.lowerBound, target + row * stride, columns.count)
                }
            }
        }
        return true
    }

    /// Turns inner products into kernel values, in place.
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
                    target + row * stride, columns.count)
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
