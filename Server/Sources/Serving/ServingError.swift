import Descent

/// A refusal, with the status code of HTTP that says what kind it is.
public struct ServingError: Error, Sendable, Equatable {
    /// The status code.
    public var status: Int
    /// What is wrong, in a sentence that may be shown to the client.
    public var message: String
    /// After how many seconds a client may try again; nil where that changes nothing.
    public var retryAfter: Int?
    /// The method that is allowed, of a refusal with status 405.
    public var allowedMethod: String?

    /// Creates a refusal.
    public init(_ status: Int, _ message: String, retryAfter: Int? = nil) {
        (self.status, self.message, self.retryAfter) = (status, message, retryAfter)
    }

    /// The refusal that an error of the library is for a client: its own data are to blame for wrong data, nobody else's.
    init(_ error: any Error) {
        switch error {
        case let error as ServingError: self = error
        case let error as DescentError where error.kind == .badData || error.kind == .usage:
            self.init(400, error.description)
        case let error as DescentError: self.init(500, error.description)
        default: self.init(500, "the request could not be answered")
        }
    }
}
