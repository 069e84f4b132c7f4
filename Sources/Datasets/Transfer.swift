import Arrays
import Foundation
import FoundationNetworking
import Support
import Synchronization

/// One request for one file: writes received bytes to a part file, from where the part ends if the server can.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
    /// The outcome of a request.
    enum Outcome: Sendable {
        /// All bytes have come.
        case complete
        /// The server has no more than the part has already (HTTP 416).
        case nothingMore
        /// The server or the way to it failed; the reason in a few words.
        case failed(String)
        /// This side failed: the disk is full.
        case broken(DescentError)
    }

    private struct State {
        var part: PartFile
        /// Decided before the end: by the status line, by a disk error, by too many bytes.
        var verdict: Outcome?
        var total: Int?
        var continuation: CheckedContinuation<Outcome, Never>?
    }

    private let state: Mutex<State>
    private let limit: Int
    private let progress: @Sendable (_ received: Int, _ total: Int?) -> Void

    private init(
        part: PartFile, limit: Int, progress: @escaping @Sendable (_ received: Int, _ total: Int?) -> Void
    ) {
        state = Mutex(State(part: part))
        self.limit = limit
        self.progress = progress
    }

    /// Requests `url`, and waits for the end.
    ///
    /// - Parameters:
    ///   - part: the file that takes the bytes; if it has some, the rest is requested.
    ///   - silence: seconds without a byte, from the first try to connect on, after which it is given up.
    ///   - limit: the most bytes that the file may have.
    static func run(
        _ url: URL, part: inout PartFile, silence: Double, limit: Int,
        progress: @escaping @Sendable (_ received: Int, _ total: Int?) -> Void
    ) async -> Outcome {
        var request = URLRequest(url: url)
        // The file as it is: the checksum is that of the packed bytes.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if part.count > 0 { request.setValue("bytes=\(part.count)-", forHTTPHeaderField: "Range") }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = silence
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        let transfer = Transfer(part: part, limit: limit, progress: progress)
        let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
        let task = session.dataTask(with: request)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.state.withLock { $0.continuation = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        // The session keeps its delegate until it is invalidated.
        session.finishTasksAndInvalidate()
        part = transfer.state.withLock { $0.part }
        return outcome
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let proceed = state.withLock { state in
            state.verdict = Self.judge(response, &state, limit: limit)
            return state.verdict == nil
        }
        completionHandler(proceed ? .allow : .cancel)
    }

    private static func judge(_ response: URLResponse, _ state: inout State, limit: Int) -> Outcome? {
        guard let response = response as? HTTPURLResponse else { return .failed("not an HTTP answer") }
        let length = response.expectedContentLength
        switch response.statusCode {
        case 206:
            let range = response.value(forHTTPHeaderField: "Content-Range") ?? "none"
            guard range.hasPrefix("bytes \(state.part.count)-") else {
                return .failed("another range than was asked for: \(range)")
            }
        case 200:
            // The server does not know ranges and sends everything.
            if state.part.count > 0 {
                do {
                    try state.part.restart()
                } catch let error as DescentError {
                    return .broken(error)
                } catch {
                    return .failed("\(error)")
                }
            }
        case 416: return .nothingMore
        default: return .failed("HTTP \(response.statusCode)")
        }
        if length >= 0 { state.total = state.part.count + Int(clamping: length) }
        if let total = state.total, total > limit { return .failed("too large: \(total) bytes") }
        return nil
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let report: (Int, Int?)? = state.withLock { state in
            guard state.verdict == nil else { return nil }
            guard state.part.count + data.count <= limit else {
                state.verdict = .failed("too large: more than \(limit) bytes")
                return nil
            }
            do {
                try data.withUnsafeBytes { try state.part.append($0) }
            } catch let error as DescentError {
                state.verdict = .broken(error)
                return nil
            } catch {
                state.verdict = .failed("\(error)")
                return nil
            }
            return (state.part.count, state.total)
        }
        if let report {
            progress(report.0, report.1)
        } else {
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (continuation, outcome) = state.withLock { state in
            let continuation = state.continuation
            state.continuation = nil
            if let verdict = state.verdict { return (continuation, verdict) }
            if let error { return (continuation, .failed(Self.words(error))) }
            if let total = state.total, state.part.count < total {
                return (continuation, .failed("cut after \(state.part.count) of \(total) bytes"))
            }
            return (continuation, Outcome.complete)
        }
        continuation?.resume(returning: outcome)
    }

    private static func words(_ error: any Error) -> String {
        switch (error as? URLError)?.code {
        case .cannotFindHost, .dnsLookupFailed: "host not found"
        case .cannotConnectToHost: "no connection"
        case .timedOut: "no answer in time"
        case .networkConnectionLost: "the connection broke"
        case .secureConnectionFailed: "no secure connection"
        case .cancelled: "stopped"
        default: error.localizedDescription
        }
    }
}
