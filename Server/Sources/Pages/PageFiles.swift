import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Serving

/// The plain files of the pages, which are part of the program, and the fields with which they are sent.
enum PageFiles {
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// Returns the answer with a file's bytes.
    static func response(to request: Request, _ name: String, _ bytes: [UInt8]) -> Response {
        var headers: HTTPFields = [
            .contentType: type(of: name), .contentSecurityPolicy: policy, .cacheControl: "no-cache",
            .contentLength: "\(bytes.count)", .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        return Response(
            status: .ok, headers: headers,
            body: request.method == .head ? .init() : .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Returns the answer with a value.
    static func json(_ value: some Encodable) throws -> Response {
        let bytes = try JSONEncoder().encode(value)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store",
                .contentLength: "\(bytes.count)", .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Returns a request's body.
    ///
    /// - Throws: 413 for one of more than `limit` bytes.
    static func body(of request: Request, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limit else {
                throw ServingError(413, "a body of more than \(limit) bytes")
            }
            bytes += part.readableBytesView
        }
        return bytes
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}
