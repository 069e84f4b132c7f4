import Arrays
import CKernels
import Support

/// Histograms of oriented gradients (HOG): the strength of the brightness gradient in each direction, cell by cell.
///
/// Gradients are central differences (zero at the border); each pixel votes with its magnitude for a direction of a
/// cell, or for the nearest ones (`Interpolation`); cells hold the votes divided by their pixels; each block of cells is
/// normalised by itself, and blocks overlap. Pixels beyond the last whole cell are left out. Without interpolation the
/// values are those of scikit-image's `hog` (unsigned).
///
/// ```swift
/// let rows = try HistogramOfOrientedGradients(cellSize: 7).features(of: digits.images)   // [N, 28, 28] to [N, 324]
/// let smooth = HistogramOfOrientedGradients(cellSize: 7, interpolation: .trilinear)      // as many, better told apart
/// ```
///
/// Features of an image [H, W], with R = H / cell, C = W / cell (whole cells): (R - block + 1) (C - block + 1) blocks
/// of block x block x orientations values.
///
/// - Complexity: O(N · H · W · orientations); with trilinear interpolation O(N · H · W · orientations · block).
/// - Source: N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005.
public struct HistogramOfOrientedGradients: Hashable, Codable, Sendable {
    /// The normalisation of a block's values v; e = 1e-5.
    public enum Norm: String, CaseIterable, Codable, Sendable {
        /// v / (sum of v + e).
        case l1 = "L1"
        /// The square root of `l1`.
        case l1Sqrt = "L1-sqrt"
        /// v / sqrt(sum of v^2 + e^2).
        case l2 = "L2"
        /// `l2`, values above 0.2 cut off, then `l2` again.
        case l2Hys = "L2-Hys"
    }

    /// The distribution of a pixel's vote: to one direction of one cell, or shared by the nearest ones.
    public enum Interpolation: String, CaseIterable, Codable, Sendable {
        /// The whole vote for one direction of the pixel's cell.
        case none
        /// The interpolation of Dalal and Triggs: linear between the two nearest directions and between the nearest
        /// cells along both axes.
        ///
        /// With t the centre of the bin, u the angle, both in bins (the last is a neighbour of the first), and
        /// distances d from the pixel to the cell's centre in cells, a pixel adds its magnitude times (1 - |u - t|)+ (1
        /// - |dx|)+ (1 - |dy|)+ exp(-(x^2 + y^2) / (2 sigma^2)); x, y: from the block's centre; sigma: a quarter of the
        /// block's side, OpenCV's (the paper's half discriminates digits less well). Shares for cells outside the block
        /// are dropped.
        case trilinear
    }

    /// The number of directions, 1...64.
    public let orientations: Int
    /// The side of a cell in pixels, 1 or more.
    public let cellSize: Int
    /// The side of a block in cells, 1 or more.
    public let blockSize: Int
    /// The normalisation of blocks.
    public let norm: Norm
    /// Whether opposite directions differ: bins over 360 degrees instead of 180.
    public let isSigned: Bool
    /// The distribution of votes over neighbours.
    public let interpolation: Interpolation

    /// Creates an extractor with these settings.
    ///
    /// - Precondition: 1 <= orientations <= 64; cell and block size are 1 or more.
    public init(
        orientations: Int = 9, cellSize: Int = 8, blockSize: Int = 2, norm: Norm = .l2Hys,
        isSigned: Bool = false, interpolation: Interpolation = .none
    ) {
        require(
            Self.areValid(orientations: orientations, cellSize: cellSize, blockSize: blockSize),
            "HOG of \(orientations) orientations, cells of \(cellSize) and blocks of \(blockSize)")
        self.orientations = orientations
        self.cellSize = cellSize
        self.blockSize = blockSize
        self.norm = norm
        self.isSigned = isSigned
        self.interpolation = interpolation
    }

    private static func areValid(orientations: Int, cellSize: Int, blockSize: Int) -> Bool {
        let sides = 1...1 << 15
        return (1...Int(CK_HOG_MAX_ORIENTATIONS)).contains(orientations) && sides.contains(cellSize)
            && sides.contains(blockSize)
    }

    /// Decodes settings; those from before interpolation was added have none.
    ///
    /// - Throws: `badData` when they are out of range.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let orientations = try values.decode(Int.self, forKey: .orientations)
        let cellSize = try values.decode(Int.self, forKey: .cellSize)
        let blockSize = try values.decode(Int.self, forKey: .blockSize)
        guard Self.areValid(orientations: orientations, cellSize: cellSize, blockSize: blockSize) else {
            throw DescentError(
                .badData, "settings of HOG are out of range",
                expected: "1 to \(CK_HOG_MAX_ORIENTATIONS) orientations, cells and blocks of 1 or more",
                got: "\(orientations) orientations, cells of \(cellSize), blocks of \(blockSize)")
        }
        self.init(
            orientations: orientations, cellSize: cellSize, blockSize: blockSize,
            norm: try values.decode(Norm.self, forKey: .norm),
            isSigned: try values.decode(Bool.self, forKey: .isSigned),
            interpolation: try values.decodeIfPresent(Interpolation.self, forKey: .interpolation) ?? .none)
    }

    /// Returns the number of values for an image of `height` x `width` pixels.
    ///
    /// - Throws: `badData` when the image is smaller than a block.
    public func featureCount(height: Int, width: Int) throws -> Int {
        let (rows, columns) = (height / cellSize, width / cellSize)
        guard rows >= blockSize && columns >= blockSize else {
            let side = blockSize * cellSize
            throw DescentError(
                .badData, "an image is smaller than a block of HOG",
                expected: "at least \(side) x \(side) pixels (\(blockSize) cells of \(cellSize))",
                got: "\(height) x \(width)", advice: "choose smaller cells or blocks")
        }
        return (rows - blockSize + 1) * (columns - blockSize + 1) * blockSize * blockSize * orientations
    }

    /// Computes the normalised blocks of each image: bytes [N, H, W] to [N, D].
    ///
    /// Blocks are in row-major order, as are the cells of a block; within a cell values are ordered by direction.
    ///
    /// - Throws: `badData` when the images are smaller than a block.
    public func features(of images: NDArray<UInt8>) throws -> NDArray<Float> {
        let (count, height, width) = try imageShape(of: images)
        let features = try featureCount(height: height, width: width)
        return NDArray(shape: [count, features]) { target in
            run(images, height: height, width: width, into: target, by: ck_hog_features)
        }
    }

    /// Computes the cells of each image before normalisation: bytes [N, H, W] to [N, R, C, orientations], mean
    /// magnitudes.
    ///
    /// With trilinear interpolation all cells are neighbours, as if the image were one block without a window.
    ///
    /// - Throws: `badData` when the images are smaller than a cell.
    package func cells(of images: NDArray<UInt8>) throws -> NDArray<Float> {
        let (count, height, width) = try imageShape(of: images)
        guard height >= cellSize && width >= cellSize else {
            throw DescentError(
                .badData, "an image is smaller than a cell of HOG",
                expected: "at least \(cellSize) x \(cellSize) pixels", got: "\(height) x \(width)",
                advice: "choose smaller cells")
        }
        return NDArray(shape: [count, height / cellSize, width / cellSize, orientations]) { target in
            run(images, height: height, width: width, into: target, by: ck_hog_cells)
        }
    }

    private func run(
        _ images: NDArray<UInt8>, height: Int, width: Int, into target: UnsafeMutableBufferPointer<Float>,
        by kernel: (
            UnsafePointer<ck_hog>?, Int, UnsafePointer<UInt8>?, UnsafeMutablePointer<Float>?
        ) -> ck_status
    ) {
        var settings = ck_hog(
            height: height, width: width, cell: Int32(cellSize), block: Int32(blockSize),
            orientations: Int32(orientations), has_sign: isSigned ? 1 : 0, norm: norm.kernelNumber,
            is_trilinear: interpolation == .trilinear ? 1 : 0)
        let status = images.withUnsafeElements { pixels in
            kernel(&settings, images.shape[0], pixels.baseAddress, target.baseAddress)
        }
        requireDone(status, "HOG of \(images.shape) images")
    }
}

extension HistogramOfOrientedGradients.Norm {
    fileprivate var kernelNumber: Int32 {
        switch self {
        case .l1: Int32(CK_HOG_L1)
        case .l1Sqrt: Int32(CK_HOG_L1_SQRT)
        case .l2: Int32(CK_HOG_L2)
        case .l2Hys: Int32(CK_HOG_L2_HYS)
        }
    }
}
