import CKernels

/// The memory layout of images [N, C, H, W].
///
/// Convolutions are fastest on layouts of their own; images stay in them from one layer to the next, and are converted
/// to rows only where the array is read.
enum ImageLayout: Int32, Hashable, Sendable {
    /// [N, C, H, W] as written.
    case rows = 0
    /// [N, H, W, C].
    case channelsLast = 1
    /// [N, ceil(C / 16), H, W, 16]; padding channels are zero.
    case blocked = 2

    /// The preferred layout of convolutions for images with this many channels: few channels would leave most of a
    /// block of sixteen empty.
    static func preferred(channels: Int) -> ImageLayout {
        channels <= 3 ? .rows : channels < 16 ? .channelsLast : .blocked
    }

    /// The number of elements in memory of images of `shape` [N, C, H, W].
    func count(of shape: [Int]) -> Int {
        ck_image_count(rawValue, shape[0], shape[1], shape[2] * shape[3])
    }
}
