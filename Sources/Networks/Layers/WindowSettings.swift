import Autodiff
import Support

/// The windows of a convolution or pooling as files store them: four pairs [height, width], not yet known to be possible.
///
/// They are part of a layer's settings: `encode(to:)` adds the four to what the encoder has already.
struct WindowSettings: Codable, Hashable, Sendable {
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]

    init(_ windows: WindowGeometry) {
        func pair(_ extent: Extent) -> [Int] { [extent.height, extent.width] }
        kernel = pair(windows.kernel)
        stride = pair(windows.stride)
        padding = pair(windows.padding)
        dilation = pair(windows.dilation)
    }

    /// Refuses impossible windows.
    ///
    /// - Throws: `usage` that names the setting of `layer`.
    func check(for layer: some LayerConfiguration) throws {
        for (name, pair, least) in [
            ("kernel", kernel, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
        ] {
            guard pair.count == 2, pair.allSatisfy({ (least...16384).contains($0) }) else {
                throw layer.impossible(name, expected: "two numbers, \(least) to 16384", got: "\(pair)")
            }
        }
    }

    /// The windows.
    ///
    /// - Precondition: `check(for:)` holds.
    var geometry: WindowGeometry {
        func extent(_ pair: [Int]) -> Extent { Extent(pair[0], pair[1]) }
        return WindowGeometry(
            kernel: extent(kernel), stride: extent(stride), padding: .pixels(extent(padding)),
            dilation: extent(dilation))
    }

    /// Returns the settings that differ from the defaults, for `summary`: "5x5, stride 2, padding 2, relu".
    func detail(groups: Int = 1, activation: Activation = .identity) -> String {
        let geometry = geometry
        var text = "\(geometry.kernel)"
        if geometry.stride != 1 { text += ", stride \(geometry.stride)" }
        if geometry.padding != 0 { text += ", padding \(geometry.padding)" }
        if geometry.dilation != 1 { text += ", dilation \(geometry.dilation)" }
        if groups > 1 { text += ", \(groups) groups" }
        return activation == .identity ? text : text + ", \(activation)"
    }

    /// Maps [C, H, W] to [C, P, Q].
    ///
    /// - Throws: `usage`, without a place.
    func pooledShape(_ shape: [Int], takingLargest: Bool) throws -> [Int] {
        guard shape.count == 3 else {
            throw DescentError(.usage, "only images have windows", expected: "[C, H, W]", got: "\(shape)")
        }
        do {
            let size = try geometry.pooledSize(
                height: shape[1], width: shape[2], takingLargest: takingLargest)
            return [shape[0], size.height, size.width]
        } catch {
            guard error.got == nil else { throw error }
            throw DescentError(
                error.kind, error.what, expected: error.expected, got: "\(shape)", advice: error.advice)
        }
    }

    /// Returns the cost of a pooling whose output is `output`: its windows' elements.
    func poolingCost(_ output: [Int]) -> LayerCost {
        LayerCost(elementOperations: LayerCost.product(output + kernel))
    }
}
