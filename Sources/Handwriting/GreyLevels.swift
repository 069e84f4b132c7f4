import Arrays
import Support

extension Plane {
    /// The grey levels, 0...255, of a picture [H, W] or [H, W, 3], shrunk by areas to `longestSide`.
    ///
    /// Of colours, the channel is taken that tells ink from paper, if luminance hardly does: red ink on green paper.
    ///
    /// - Throws: `badData` for another shape, or a picture without pixels.
    init(levelsOf pixels: NDArray<UInt8>, longestSide: Int) throws(DescentError) {
        let shape = pixels.shape
        guard shape.count == 2 || shape.count == 3 && shape[2] == 3, shape[0] > 0, shape[1] > 0 else {
            throw DescentError(
                .badData, "not a picture of digits", at: "pixels", expected: "[H, W] or [H, W, 3], not empty",
                got: "\(shape)")
        }
        let (height, width) = (shape[0], shape[1])
        let count = width * height
        func channel(_ level: (UnsafeBufferPointer<UInt8>, Int) -> Float) -> Plane {
            let values = pixels.withUnsafeElements { all in
                [Float](unsafeUninitializedCapacity: count) { target, filled in
                    for place in 0..<count { target.initializeElement(at: place, to: level(all, place)) }
                    filled = count
                }
            }
            return Plane(width: width, height: height, values: values).shrunk(toLongestSide: longestSide)
        }
        guard shape.count == 3 else {
            self = channel { Float($0[$1]) }
            return
        }
        let luminance = channel {
            0.299 * Float($0[3 * $1]) + 0.587 * Float($0[3 * $1 + 1]) + 0.114 * Float($0[3 * $1 + 2])
        }
        let least = 1.5 * luminance.spread
        let channels = (0..<3).map { part in channel { Float($0[3 * $1 + part]) } }
        self = channels.filter { $0.spread > least }.max { $0.spread < $1.spread } ?? luminance
    }

    /// How far the darkest and the brightest hundredth of the pixels are apart.
    private var spread: Float {
        let ends = quantiles([0.01, 0.99])
        return ends[1] - ends[0]
    }
}
