import Arrays
import ImageFeatures
import Support

/// What a classifier sees of an image.
///
/// ```swift
/// let features = try FeatureChoice(parsing: "hog:cell=7")
/// ```
public enum FeatureChoice: Hashable, Sendable {
    /// The bytes of the image themselves.
    case pixels
    /// Histograms of oriented gradients.
    case hog(HistogramOfOrientedGradients)
    /// How often each visual word occurs. Images are first made `enlargement` times as large: keypoints need room.
    case words(BagOfVisualWords.Settings, enlargement: Int)

    /// The names that `init(parsing:)` knows.
    public static let names = ["pixels", "hog", "sift", "surf"]

    /// Dense SIFT in visual words.
    public static func sift(words: Int = 500, step: Int = 3, cell: Int = 3, grid: Int = 2) -> FeatureChoice {
        .words(
            BagOfVisualWords.Settings(
                source: .denseSIFT(DenseSIFT(step: step, cellSize: cell)), wordCount: words, grids: [grid]),
            enlargement: 1)
    }

    /// SURF keypoints, upright, in visual words, of images made `enlargement` times as large.
    public static func surf(words: Int = 300, grid: Int = 2, enlargement: Int = 2) -> FeatureChoice {
        var surf = SURF()
        surf.isUpright = true
        surf.octaves = 2
        surf.threshold = 1e-4
        return .words(
            BagOfVisualWords.Settings(source: .surf(surf), wordCount: words, grids: [grid]),
            enlargement: enlargement)
    }

    /// The features that `text` names: `pixels`, `hog`,
    /// `hog:cell=7,orientations=9,block=2,norm=L2-Hys,interpolation=trilinear`,
    /// `sift:words=500,step=3,cell=3,grid=2` (dense), `surf:words=300,grid=2,enlarge=2`.
    ///
    /// - Throws: `usage` that names the part which is none.
    public init(parsing text: String) throws {
        var settings = SettingText(text, of: "features")
        switch settings.name {
        case "pixels": self = .pixels
        case "hog": self = .hog(try Self.hog(&settings))
        case "sift":
            let words = try settings.whole("words", main: true, from: 2) ?? 500
            let step = try settings.bounded("step", in: 1...64) ?? 3
            let cell = try settings.bounded("cell", in: 1...64) ?? 3
            self = .sift(
                words: words, step: step, cell: cell, grid: try settings.bounded("grid", in: 1...8) ?? 2)
        case "surf":
            let words = try settings.whole("words", main: true, from: 2) ?? 300
            let grid = try settings.bounded("grid", in: 1...8) ?? 2
            self = .surf(
                words: words, grid: grid, enlargement: try settings.bounded("enlarge", in: 1...8) ?? 2)
        default: throw settings.unknownName(known: Self.names)
        }
        try settings.finish()
    }

    private static func hog(_ settings: inout SettingText) throws -> HistogramOfOrientedGradients {
        let cell = try settings.bounded("cell", main: true, in: 1...256) ?? 4
        let orientations = try settings.bounded("orientations", in: 1...64) ?? 9
        let block = try settings.bounded("block", in: 1...64) ?? 2
        return HistogramOfOrientedGradients(
            orientations: orientations, cellSize: cell, blockSize: block,
            norm: try settings.choice("norm") ?? .l2Hys,
            interpolation: try settings.choice("interpolation") ?? .none)
    }

    /// The name alone: `hog`.
    public var name: String {
        switch self {
        case .pixels: "pixels"
        case .hog: "hog"
        case .words(let settings, _):
            switch settings.source {
            case .denseSIFT, .sift: "sift"
            case .surf: "surf"
            }
        }
    }

    /// In words: `HOG (9 directions, cells of 4, blocks of 2x2)`.
    public var summary: String {
        switch self {
        case .pixels: return "pixels"
        case .hog(let hog):
            let block = "\(hog.blockSize)x\(hog.blockSize)"
            let shared = hog.interpolation == .none ? "" : ", \(hog.interpolation.rawValue)"
            let cells = "\(hog.orientations) directions, cells of \(hog.cellSize)"
            return "HOG (\(cells), blocks of \(block)\(shared))"
        case .words(let settings, _):
            let source =
                switch settings.source {
                case .denseSIFT: "dense SIFT"
                case .sift: "SIFT"
                case .surf: "SURF"
                }
            let parts =
                settings.grids == [1]
                ? "" : ", \(settings.grids.map { "\($0)x\($0)" }.joined(separator: " and ")) parts"
            return "\(source) (\(settings.wordCount) words\(parts))"
        }
    }
}

extension SettingText {
    /// The choice that `key` names, whatever its letters' case; nil if it is not given.
    fileprivate mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String
    ) throws -> Choice? {
        guard let name = text(key) else { return nil }
        guard let known = Choice.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
        else {
            let names = Choice.allCases.map(\.rawValue)
            throw wrong(key, expected: names.joined(separator: ", "), got: name)
        }
        return known
    }

    /// The whole number `key` in a range, nil if it is not given.
    mutating func bounded(_ key: String, main: Bool = false, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = try whole(key, main: main, from: range.lowerBound) else { return nil }
        guard range.contains(value) else {
            throw wrong(key, expected: "\(range.lowerBound) to \(range.upperBound)", got: String(value))
        }
        return value
    }
}
