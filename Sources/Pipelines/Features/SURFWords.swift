import Arrays
import ImageFeatures
import Support

/// SURF keypoints in visual words.
package struct SURFWords: VisualWordExtractor {
    /// `surf`.
    package static let kind = "surf"

    /// The settings and the words.
    package let words: VisualWords

    /// Creates an extractor with these words.
    package init(_ words: VisualWords) { self.words = words }

    /// SURF with the settings of a text.
    package init(from settings: inout SettingText) throws {
        let words = try settings.whole("words", main: true, from: 2) ?? 300
        let grid = try settings.whole("grid", in: 1...8) ?? 2
        self.init(words: words, grid: grid, enlargement: try settings.whole("enlarge", in: 1...8) ?? 2)
    }

    /// Upright SURF in so many words, each counted in `grid` x `grid` parts of images made `enlargement` times as large.
    package init(words: Int = 300, grid: Int = 2, enlargement: Int = 2) {
        var surf = SURF()
        surf.isUpright = true
        surf.octaves = 2
        surf.threshold = 1e-4
        self.init(
            VisualWords(
                BagOfVisualWords.Settings(source: .surf(surf), wordCount: words, grids: [grid]),
                enlargement: enlargement))
    }

    /// The settings that text can say: of the usual SURF, with one grid.
    package var settingsText: String {
        let parts = ["words=\(words.settings.wordCount)", "grid=\(words.settings.grids.last ?? 1)"]
        return (parts + (words.enlargement == 2 ? [] : ["enlarge=\(words.enlargement)"])).joined(
            separator: ",")
    }

    /// `SURF (300 words, 2x2 parts)`.
    package var summary: String { words.summary("SURF") }
}

extension FeatureChoice {
    /// SURF keypoints, upright, in visual words, of images made `enlargement` times as large.
    public static func surf(words: Int = 300, grid: Int = 2, enlargement: Int = 2) -> FeatureChoice {
        FeatureChoice(SURFWords(words: words, grid: grid, enlargement: enlargement))
    }
}
