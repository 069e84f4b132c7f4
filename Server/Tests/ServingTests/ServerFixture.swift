import Descent
import Foundation
import Logging
import Synchronization
import Testing

@testable import Serving

/// A model folder of an untrained network of digits, in a folder of its own that goes with it.
final class ModelFixture: Sendable {
    let root: String
    var path: String { "\(root)/digits" }

    init(seed: Int = 1) throws {
        root = NSTemporaryDirectory() + "serving-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try write(seed: seed)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    static func pixels(_ number: Int) -> [UInt8] { (0..<784).map { UInt8(($0 * 7 + number * 31) % 256) } }

    /// Writes the folder, or replaces it, with a network of other weights.
    func write(seed: Int) throws {
        let network = Sequential {
            Dense(784, 16, activation: .sigmoid)
            Dense(16, 10)
        }
        var random = RandomState(seed)
        network.initialize(using: &random)
        let model = try NetworkClassifier(network, name: "digits", classNames: (0..<10).map(String.init))
        let samples = NDArray<UInt8>(shape: [2, 28, 28], elements: Self.pixels(1) + Self.pixels(2))
        _ = try ModelFolder(model, samples: .bytes(samples)).write(to: .folder(path, replacing: true))
    }

    /// The library's own answer.
    func prediction(_ pixels: [UInt8]) throws -> Prediction {
        let model = try ClassifierModel(contentsOf: path)
        return try model.predictions(for: .bytes(NDArray(shape: [1, 28, 28], elements: pixels)))[0]
    }
}

/// Runs a server of the fixture's model, with the port that it got.
func withServer(
    _ fixture: ModelFixture, paths: [String]? = nil, logger given: Logger? = nil,
    _ change: (inout ModelServer) -> Void = { _ in },
    _ body: @escaping @Sendable (_ port: Int) async throws -> Void
) async throws {
    var quiet = Logger(label: "test")
    quiet.logLevel = .critical
    let logger = given ?? quiet
    var server = try ModelServer(folders: paths ?? [fixture.path], logger: logger)
    server.port = 0
    server.reloadInterval = .milliseconds(50)
    change(&server)
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { [server] group in
        group.addTask {
            try await server.run { port in
                continuation.yield(port)
                continuation.finish()
            }
        }
        for await port in ports { try await body(port) }
        group.cancelAll()
        // A server that is cancelled ends with an error or without one.
        while let _ = await group.nextResult() {}
    }
}

/// An answer as it came over the wire.
struct Reply: Sendable {
    var status: Int
    var fields: [String: String]
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:] }
}

/// A connection of plain sockets, which may be as slow and as wrong as a test wants. Its calls block threads of their own.
struct Connection: Sendable {
    let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
    }

    /// Sends the same bytes again and again, reading nothing; whether the other side stops taking them for a second.
    func sendsStall(_ bytes: [UInt8], seconds: Double) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: blockingSendsStall(bytes, seconds: seconds))
            }
        }
    }

    private func blockingSendsStall(_ bytes: [UInt8], seconds: Double) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        var sent = 0
        while Date() < end {
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&state, 1, 1_000) == 0 { return true }
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            guard count > 0 || errno == EAGAIN else { return false }
            sent = (sent + max(0, count)) % bytes.count
        }
        return false
    }

    /// Whether bytes of an answer come within some milliseconds.
    func isReadable(within milliseconds: Int32) -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, milliseconds) > 0
    }

    func close() { _ = Foundation.close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The next answer; nil where the connection ends without one.
    func receive() async -> Reply? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: blockingReceive()) }
        }
    }

    private func blockingReceive() -> Reply? {
        var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        func more() -> Bool {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return false }
            bytes += piece[..<count]
            return true
        }
        let gap = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            guard more() else { return nil }
            if bytes.count >= 4 {
                end = (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(gap) }
            }
        }
        guard let end else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        let length = fields["content-length"].flatMap(Int.init) ?? 0
        while bytes.count < end + 4 + length { guard more() else { break } }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Reply(status: status, fields: fields, body: Array(bytes[(end + 4)...].prefix(length)))
    }
}

/// Sends one request and returns the answer.
func ask(
    _ port: Int, _ method: String = "GET", _ path: String, body: [UInt8]? = nil, fields: [String] = [],
    host: String? = nil
) async throws -> Reply {
    let connection = try Connection(port: port)
    defer { connection.close() }
    connection.send(request(method, path, body: body, fields: fields, host: host ?? "127.0.0.1:\(port)"))
    return try #require(await connection.receive(), "\(method) \(path) got no answer")
}

func request(
    _ method: String, _ path: String, body: [UInt8]? = nil, fields: [String] = [], host: String = "127.0.0.1"
)
    -> [UInt8]
{
    let length = body.map { ["Content-Length: \($0.count)"] } ?? []
    let lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + length + fields
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
}

/// The JSON of a request for one picture.
func inferenceBody(_ pixels: [UInt8], extra: String = "") -> [UInt8] {
    let data = pixels.map(String.init).joined(separator: ",")
    return Array(
        #"{"id":"7","inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"data":[\#(data)]}]\#(extra)}"#
            .utf8)
}
