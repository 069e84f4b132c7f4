import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Serving

/// The drawing page, which the server shows at `/`: plain files that are part of the program.
///
/// The page asks `/v2/models` and `POST /predict` of the same server, and nothing of any other: its policy allows no more.
public enum DrawingPage {
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// Returns the file that lies at the request's path; nil for another path, which is then the server's own.
    public static func response(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head,
            let (type, bytes) = file(at: request.uri.path)
        else { return nil }
        var headers: HTTPFields = [
            .contentType: type, .contentSecurityPolicy: policy, .cacheControl: "no-cache",
            .contentLength: "\(bytes.count)", .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        return Response(
            status: .ok, headers: headers,
            body: request.method == .head ? .init() : .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func file(at path: String) -> (type: String, bytes: [UInt8])? {
        switch path {
        case "/", "/index.html": ("text/html; charset=utf-8", PackageResources.index_html)
        case "/page.css": ("text/css; charset=utf-8", PackageResources.page_css)
        case "/page.js": ("text/javascript; charset=utf-8", PackageResources.page_js)
        case "/drawing.js": ("text/javascript; charset=utf-8", PackageResources.drawing_js)
        case "/words.js": ("text/javascript; charset=utf-8", PackageResources.words_js)
        default: nil
        }
    }
}
