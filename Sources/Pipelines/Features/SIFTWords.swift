import Arrays
import ImageFeatures
import Support

/// SIFT in visual words: dense, on a grid, unless its settings say keypoints.
package struct SIFTWords: VisualWordExtractor {
    /// `sift`.
    package static let kind = "sift"

    /// The settings and the words.
    package let words: VisualWords

    /// Creates an extractor with these words.
    package init(_ words: VisualWords) { self.words = words }

    /// Dense SIFT with the settings of a text.
    package init(from settings: inout SettingText) throws {
        let words = try settings.whole("words", main: true, from: 2) ?? 500
        let step = try settings.whole("step", in: 1...64) ?? 3
        let cell = try settings.whole("cell", in: 1...64) ?? 3
        self.init(words: words, step: step, cell: cell, grid: try settings.whole("grid", in: 1...8) ?? 2)
    }

    /// Dense SIFT in so many words, each counted in `grid` x `grid` parts of an image.
    package init(words: Int = 500, step: Int = 3, cell: Int = 3, grid: Int = 2) {
        self.init(
            VisualWords(
                BagOfVisualWords.Settings(
                    source: .denseSIFT(DenseSIFT(step: step, cellSize: cell)), wordCount: words, grids: [grid]
                )))
    }

    /// The settings that text can say: of dense SIFT, with one grid.
    package var settingsText: String {
        var parts = ["words=\(words.settings.wordCount)"]
        if case .denseSIFT(let dense) = words.settings.source {
            if dense.step != 3 { parts.append("step=\(dense.step)") }
            if dense.cellSize != 3 { parts.append("cell=\(dense.cellSize)") }
        }
        return (parts + ["grid=\(words.settings.grids.last ?? 1)"]).joined(separator: ",")
    }

    /// `dense SIFT (300 words, 2x2 parts)`.
    package var summary: String {
        if case .denseSIFT = words.settings.source { return words.summary("dense SIFT") }
        return words.summary("SIFT")
    }
}

extension FeatureChoice {
    /// Dense SIFT in visual words.
    public static func sift(words: Int = 500, step: Int = 3, cell: Int = 3, grid: Int = 2) -> FeatureChoice {
        FeatureChoice(SIFTWords(words: words, step: step, cell: cell, grid: grid))
    }
}
