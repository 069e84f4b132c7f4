import Foundation
import Synchronization

/// A small HTTP server on 127.0.0.1, which answers as a test tells it: one connection at a time, no reuse.
final class TestServer: Sendable {
    struct Request: Sendable, Equatable {
        let path: String
        /// The first byte asked for, if the request has a Range header.
        let rangeStart: Int?
    }

    struct Response: Sendable {
        var status = "200 OK"
        var headers: [String] = []
        var body: [UInt8] = []
        /// What Content-Length says, if not the body's length: more than the body is a connection that breaks.
        var length: Int?
        /// Seconds before the answer.
        var delay = 0.0

        /// The file, or the part of it that was asked for.
        static func file(_ bytes: [UInt8], _ request: Request) -> Response {
            guard let start = request.rangeStart else { return Response(body: bytes) }
            guard start < bytes.count else { return Response(status: "416 Range Not Satisfiable") }
            return Response(
                status: "206 Partial Content",
                headers: ["Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)"],
                body: Array(bytes[start...]))
        }
    }

    let port: UInt16
    private let descriptor: Int32
    private let listens: Bool
    private let log = Mutex<[Request]>([])

    /// What has been asked for.
    var requests: [Request] { log.withLock { $0 } }

    /// The address that a file's name is put after.
    var address: String { "http://127.0.0.1:\(port)/" }

    /// - Parameter listens: false for a server that refuses every connection but keeps the port, so that no
    ///   other test is given it.
    init(listens: Bool = true, _ answer: @escaping @Sendable (Request) -> Response) throws {
        self.listens = listens
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && (!listens || listen(descriptor, 16) == 0)
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard ready else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        guard listens else { return }
        Thread.detachNewThread { [self] in
            // This thread alone closes the socket that it accepts from. Closed by `stop`, its number would be the next
            // server's while this thread may still be answering: it would take that server's connections.
            defer { close(descriptor) }
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                serve(connection, answer)
                close(connection)
            }
        }
    }

    /// Ends the server; later connections are refused.
    func stop() {
        // A listening socket that is shut down accepts no more (EINVAL), and its thread closes it.
        if listens { shutdown(descriptor, Int32(SHUT_RDWR)) } else { close(descriptor) }
    }

    private func serve(_ connection: Int32, _ answer: (Request) -> Response) {
        var head = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !head.contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            head += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let lines = head.components(separatedBy: "\r\n")
        let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
        let request = Request(
            path: lines[0].components(separatedBy: " ")[1],
            rangeStart: range.flatMap { Int($0.dropFirst(13).prefix { $0 != "-" }) })
        log.withLock { $0.append(request) }
        let response = answer(request)
        if response.delay > 0 { Thread.sleep(forTimeInterval: response.delay) }
        let headers =
            ["HTTP/1.1 \(response.status)", "Connection: close"] + response.headers
            + ["Content-Length: \(response.length ?? response.body.count)"]
        let bytes = Array((headers.joined(separator: "\r\n") + "\r\n\r\n").utf8) + response.body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(
                    connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
