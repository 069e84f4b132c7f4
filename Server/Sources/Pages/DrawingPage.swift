import Hummingbird
import Serving

/// The drawing page, which the server shows at `/`: plain files that are part of the program.
///
/// The page asks `/v2/models` and `POST /predict` of the same server, and nothing of any other: its policy allows no more.
public enum DrawingPage {
    /// Returns the file that lies at the request's path; nil for another path, which is then the server's own.
    public static func response(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head,
            let (name, bytes) = file(at: request.uri.path)
        else { return nil }
        return PageFiles.response(to: request, name, bytes)
    }

    private static func file(at path: String) -> (name: String, bytes: [UInt8])? {
        switch path {
        case "/", "/index.html": ("index.html", PackageResources.index_html)
        case "/page.css": ("page.css", PackageResources.page_css)
        case "/page.js": ("page.js", PackageResources.page_js)
        case "/drawing.js": ("drawing.js", PackageResources.drawing_js)
        case "/words.js": ("words.js", PackageResources.words_js)
        default: nil
        }
    }
}
