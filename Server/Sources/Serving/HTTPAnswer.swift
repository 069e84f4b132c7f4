/// An answer, before anything of a server's library is made of it.
struct HTTPAnswer: Sendable {
    var status = 200
    var contentType = "application/json"
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// An answer of JSON.
    static func json(_ text: String, status: Int = 200) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array(text.utf8))
    }

    /// The answer that a refusal is: JSON with `error`.
    init(_ error: ServingError) {
        status = error.status
        var writer = JSONWriter()
        writer.raw("{\"error\":")
        writer.string(error.message)
        writer.raw("}")
        body = writer.bytes
        if let seconds = error.retryAfter { fields.append(("Retry-After", "\(seconds)")) }
        // RFC 9110, 15.5.6: a 405 names what is allowed.
        if let method = error.allowedMethod {
            fields.append(("Allow", method == "GET" ? "GET, HEAD" : method))
        }
    }

    init(
        status: Int = 200, contentType: String = "application/json",
        fields: [(name: String, value: String)] = [],
        body: [UInt8]
    ) {
        (self.status, self.contentType, self.fields, self.body) = (status, contentType, fields, body)
    }
}

/// A request, after its body has been read.
struct HTTPQuestion: Sendable {
    var method: String
    /// The path's components, without empty ones: a slash at the end makes no difference.
    var path: [String]
    var query: [String: String]
    /// By names in small letters.
    var fields: [String: String]
    var body: [UInt8]
}
