import Arrays
import Autodiff
import Support

/// Which examples each kind of layer takes and what shape it makes of them: for layers that are there, and for those that
/// a file only describes.
///
/// Errors are of kind `usage` and have no place; whoever asks knows the layer's name. No sizes overflow: shapes may come
/// from a file.
package enum ShapeRules {
    /// What `rule` says; its errors are at `place`.
    package static func located(_ place: String, _ rule: () throws -> [Int]) throws -> [Int] {
        do {
            return try rule()
        } catch let error as DescentError {
            throw error.at(place)
        }
    }

    /// The product, held far from overflow.
    package static func product(_ sizes: [Int]) -> Int {
        sizes.reduce(1) { total, size in
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            return overflow || product > Int.max / 8 ? Int.max / 8 : product
        }
    }

    /// [D] to [H].
    package static func dense(_ shape: [Int], inputs: Int, outputs: Int) throws(DescentError) -> [Int] {
        guard shape == [inputs] else {
            throw DescentError(
                .usage, "examples do not fit the layer", expected: "shape [\(inputs)]", got: "\(shape)")
        }
        return [outputs]
    }

    /// [C, H, W] to [K, P, Q].
    package static func convolution(
        _ shape: [Int], channels: Int, outputs: Int, windows: WindowGeometry
    ) throws(DescentError) -> [Int] {
        try check(shape, channels: channels)
        guard let size = windows.windows(height: shape[1], width: shape[2]) else {
            throw DescentError(
                .usage, "images are smaller than the kernel",
                expected: "at least \(windows.kernel) pixels with their padding", got: "\(shape)")
        }
        return [outputs, size.height, size.width]
    }

    /// [C, H, W] to the larger [K, P, Q].
    package static func transposedConvolution(
        _ shape: [Int], channels: Int, outputs: Int, windows: WindowGeometry
    ) throws(DescentError) -> [Int] {
        try check(shape, channels: channels)
        guard let size = windows.transposedSize(height: shape[1], width: shape[2]) else {
            throw DescentError(
                .usage, "the padding leaves nothing", expected: "larger images", got: "\(shape)")
        }
        return [outputs, size.height, size.width]
    }

    private static func check(_ shape: [Int], channels: Int) throws(DescentError) {
        guard shape.count == 3, shape[0] == channels else {
            throw DescentError(
                .usage, "images do not fit the layer", expected: "\(channels) channels: [\(channels), H, W]",
                got: "\(shape)", advice: shape.count == 1 ? "put Reshape([C, H, W]) before the layer" : nil)
        }
    }

    /// [C, H, W] to [C, P, Q].
    package static func pooling(
        _ shape: [Int], windows: WindowGeometry, takingLargest: Bool
    ) throws(DescentError) -> [Int] {
        guard shape.count == 3 else {
            throw DescentError(
                .usage, "only images have windows", expected: "[C, H, W]", got: "\(shape)")
        }
        do {
            let size = try windows.pooledSize(
                height: shape[1], width: shape[2], takingLargest: takingLargest)
            return [shape[0], size.height, size.width]
        } catch {
            guard error.got == nil else { throw error }
            throw DescentError(
                error.kind, error.what, expected: error.expected, got: "\(shape)", advice: error.advice)
        }
    }

    /// [C, H, W] to [C].
    package static func globalPooling(_ shape: [Int]) throws(DescentError) -> [Int] {
        guard shape.count == 3 else {
            throw DescentError(
                .usage, "only images have channels", expected: "[C, H, W]", got: "\(shape)")
        }
        return [shape[0]]
    }

    /// The same shape.
    package static func batchNormalization(_ shape: [Int], channels: Int) throws(DescentError) -> [Int] {
        guard shape.count == 1 || shape.count == 3, shape[0] == channels else {
            throw DescentError(
                .usage, "channels do not fit the layer", expected: "[\(channels), H, W] or [\(channels)]",
                got: "\(shape)")
        }
        return shape
    }

    /// The same shape.
    package static func layerNormalization(_ shape: [Int], over inner: [Int]) throws(DescentError) -> [Int] {
        guard !inner.isEmpty, Array(shape.suffix(inner.count)) == inner else {
            let sizes = inner.map(String.init).joined(separator: ", ")
            throw DescentError(
                .usage, "examples do not fit the layer",
                expected: inner.count == 1 ? "shape [..., \(sizes)]" : "shape ending in [\(sizes)]",
                got: "\(shape)")
        }
        return shape
    }

    /// Any shape to `target`, which has as many numbers.
    package static func reshape(_ shape: [Int], to target: [Int]) throws(DescentError) -> [Int] {
        guard product(shape) == product(target) else {
            throw DescentError(
                .usage, "examples have another size", expected: "\(product(target)) numbers", got: "\(shape)")
        }
        return target
    }

    /// What a residual connection adds: what its body makes, and what goes around it.
    package static func sum(_ changed: [Int], around kept: [Int]) throws(DescentError) -> [Int] {
        guard changed == kept else {
            throw DescentError(
                .usage, "the body's output cannot be added to the input", expected: "shape \(kept)",
                got: "\(changed)", advice: "give a projection that brings the input to the body's shape")
        }
        return changed
    }
}
