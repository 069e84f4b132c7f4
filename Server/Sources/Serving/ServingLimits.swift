/// What a server accepts at most, so that no client takes memory or time from the others.
public struct ServingLimits: Sendable, Equatable {
    /// The bytes of a body, also unpacked.
    public var bodyBytes = 16 << 20
    /// The bytes of all header fields.
    public var headerBytes = 16 << 10
    /// How long a connection may take over the header of a request, or be silent between two.
    public var headerSeconds = 10
    /// How long a body may take.
    public var bodySeconds = 30
    /// The connections that are open at once; others wait in the system's queue.
    public var connections = 1_024
    /// The requests that are answered at once; others get 503.
    public var requestsInFlight = 512
    /// The pixels of a picture.
    public var imagePixels = 25_000_000

    /// Creates the usual limits.
    public init() {}
}
