import ArrayFiles
import Arrays
import FoundationEssentials
import ImageFeatures
import Support

/// The settings of this library's own extractors as files have them, `features.features`: JSON whose members tell the kind.
/// Extractors that came later are named by `features.kind`, and keep their settings as they like.
struct StoredFeatures: Codable {
    /// The extractors whose files do not name their kind. An extractor of one's own may have one of their names.
    static let extractors: [any FeatureExtractor.Type] = [
        Pixels.self, HistogramOfOrientedGradients.self, SIFTWords.self, SURFWords.self,
    ]

    var hog: HistogramOfOrientedGradients?
    var words: BagOfVisualWords.Settings?
    var enlargement: Int?

    init(
        hog: HistogramOfOrientedGradients? = nil, words: BagOfVisualWords.Settings? = nil,
        enlargement: Int? = nil
    ) {
        (self.hog, self.words, self.enlargement) = (hog, words, enlargement)
    }

    /// The kind that has these settings.
    var kind: String {
        guard let words else { return hog == nil ? Pixels.kind : HistogramOfOrientedGradients.kind }
        if case .surf = words.source { return SURFWords.kind }
        return SIFTWords.kind
    }

    func store(in file: inout SafeTensors, prefix: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Settings of numbers and names cannot fail to be encoded; a file without them is refused when it is read.
        let text = (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
        file.metadata[prefix + "features"] = text
    }

    init(from file: SafeTensors, prefix: String) throws {
        let text = file.metadata[prefix + "features"] ?? ""
        do {
            self = try JSONDecoder().decode(StoredFeatures.self, from: Data(text.utf8))
        } catch let error as DescentError {
            throw error
        } catch {
            throw Self.damaged(file)
        }
    }

    static func damaged(_ file: SafeTensors) -> DescentError {
        DescentError(
            .badData, "the settings of the features are damaged", at: file.path,
            advice: "train the model again")
    }
}
