import DataSources
import Tables

extension ExampleForm {
    /// What a caller must do before, and what the file does itself, in plain words.
    func words(_ input: ModelInput?) -> String {
        switch self {
        case .images(let height, let width, let channels):
            let what = channels == 1 ? "grey" : channels == 3 ? "colour" : "\(channels)-channel"
            var text =
                "Takes \(what) pictures of \(height) x \(width) pixels as bytes, row after row; scaling is inside."
            if case .images(let form)? = input {
                if form.digits != nil {
                    text +=
                        " They are digits in MNIST's form, white on black, centred by their weight: bring pictures of paper into it before."
                } else {
                    text +=
                        " Pictures of another size: turned as their EXIF data say, \(Self.fitted(form.fit)), shrunk by the mean of the area."
                }
            }
            return text
        case .features: return "Takes rows of features as the model was trained on; scaling is inside."
        case .table(let preprocessing):
            let filled = preprocessing.missing == .fill
            return
                "Takes a table's columns as they are: numbers, NaN where one is missing, and texts, empty where one is missing;"
                + (filled ? " they are filled in" : " every value must be there")
                + (preprocessing.scaling == .none ? "" : ", scaled") + " and coded inside."
        }
    }

    private static func fitted(_ fit: String) -> String {
        switch fit {
        case "pad": "padded to the shape"
        case "stretch": "stretched to the shape"
        default: "cut in the middle to the shape"
        }
    }
}
