import HTTPTypes
import Logging

/// A line for each answer, where the logger's level asks for it, and the request's identity, which answers repeat.
struct AccessLog: Sendable {
    static let requestID = HTTPField.Name("X-Request-Id")

    private let logger: Logger
    /// Whether anything is written.
    let isOn: Bool

    init(_ logger: Logger) { (self.logger, isOn) = (logger, logger.logLevel <= .info) }

    /// The identity that a client gave its request; nil without one, and for one that is not repeated: more than 200 bytes, or
    /// others than visible ASCII without quotes and `=`, so that it stays one value in a line of the log.
    static func identity(_ fields: HTTPFields) -> String? {
        requestID.flatMap { fields[$0] }.flatMap(identity)
    }

    /// A given identity, where it may be repeated.
    static func identity(_ given: String) -> String? {
        let isPlain = given.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3D }
        return isPlain && given.utf8.count <= 200 ? given : nil
    }

    /// Writes an answer: method, path without its query, status, seconds, and the request's identity.
    func answered(
        _ method: String, _ path: String, _ status: Int, since begin: ContinuousClock.Instant, id: String?
    ) {
        guard isOn else { return }
        var metadata: Logger.Metadata = [
            "method": "\(method)", "path": "\(Self.escaped(path))", "status": "\(status)",
            "seconds": "\((ContinuousClock.now - begin).seconds)",
        ]
        if let id { metadata["request-id"] = "\(id)" }
        logger.info("request", metadata: metadata)
    }

    /// A client's text as one value of a line.
    private static func escaped(_ text: String) -> String {
        String(
            decoding: text.utf8.flatMap { byte -> [UInt8] in
                (0x21...0x7E).contains(byte) && byte != 0x22 && byte != 0x3D ? [byte] : [UInt8(ascii: "?")]
            }, as: UTF8.self)
    }
}
