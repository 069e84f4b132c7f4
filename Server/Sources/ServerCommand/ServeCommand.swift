import ArgumentParser
import Descent
import Foundation
import Logging
import Pages
import Serving

/// `descent serve`: models over HTTP.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve models over HTTP.",
        discussion: """
            EXAMPLES
              descent serve runs/latest
                  http://127.0.0.1:8080: a page to draw on; the Open Inference
                  Protocol under /v2 (Triton's clients speak it), POST /predict, /metrics
              curl --data-binary @photo.jpg 127.0.0.1:8080/predict
                  what a picture shows
              descent serve digits wine --port 9000
                  several models; POST /predict?model=wine names one
              descent serve ocr=runs/latest
                  a model by another name than its folder's
              descent serve --jury --examples mine
                  network, SVM and KNN side by side, those that are missing trained at
                  once; what is labelled on the page grows a folder for train --data
              descent serve network.onnx
                  an ONNX file that classifies pictures; what it does not say of its
                  pictures is told by 'descent import FILE.onnx', which makes a folder

            A folder that changes is loaded anew, once it has proved itself on its samples; \
            one that fails is refused, and the old model stays. SIGTERM and Ctrl-C finish \
            what is in flight. Documentation/Serving.md shows five minutes of use.
            """)

    @Argument(
        help: ArgumentHelp(
            "Model folders or ONNX files, each under its own name or as NAME=PATH.", valueName: "model"),
        completion: .file())
    var models: [String] = []

    @Flag(
        help: "Complete network, SVM and KNN by models of the built-in digits, which are trained at once.")
    var jury = false

    @Option(
        help: ArgumentHelp(
            "The image folder into which the page saves examples; without it none.", valueName: "dir"),
        completion: .directory)
    var examples: String?

    @Option(
        help: ArgumentHelp(
            "The address to listen on; 0.0.0.0 for every one of this machine's.", valueName: "address"))
    var hostname = "127.0.0.1"

    @Option(help: ArgumentHelp("The port; 0 for one that is free.", valueName: "n"))
    var port = 8080

    @Option(help: ArgumentHelp("How long a model waits for more requests, in milliseconds.", valueName: "ms"))
    var batchDelay = 0.0

    @Option(
        help: ArgumentHelp(
            "Threads that one batch is computed by; requests use all processors anyway.", valueName: "n"))
    var threads = 1

    @Flag(help: "Log each request: method, path, status, seconds, its X-Request-Id.") var accessLog = false

    func run() async throws {
        guard batchDelay >= 0, batchDelay <= 1_000 else {
            throw ValidationError("--batch-delay is \(batchDelay), expected 0 to 1000 milliseconds")
        }
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port), expected 0 to 65535")
        }
        guard !models.isEmpty || jury else {
            throw ValidationError("a model is missing, such as runs/latest")
        }
        guard examples != "" else { throw ValidationError("--examples is empty, expected a folder") }
        guard (1...1_024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        Threads.setCount(threads)
        var logger = Logger(label: "descent.server")
        logger.logLevel = accessLog ? .info : .notice
        let page = DrawingPage(examples: try examples.map { try ExampleFolder($0) })
        let delay = Duration.microseconds(Int64(batchDelay * 1_000))
        var server = try ModelServer(folders: models, batchDelay: delay, logger: logger)
        let trained = jury ? try completedJury(server.store) : nil
        defer { trained?.remove() }
        if let trained, !trained.models.isEmpty {
            server = try ModelServer(folders: models + trained.models, batchDelay: delay, logger: logger)
        }
        (server.hostname, server.port) = (hostname, port)
        server.additionalRoutes = { request, store in try await page.response(to: request, store) }
        let (names, address) = (server.store.names, hostname)
        if !server.isLoopback {
            logger.notice(
                "everyone who reaches this machine reaches the models", metadata: ["hostname": "\(hostname)"])
        }
        try await server.run { port in
            print("serving \(names.joined(separator: ", ")) at http://\(address):\(port)  (Ctrl-C ends)")
            // Whoever reads it by a pipe wants it now.
            fflush(nil)
        }
    }

    /// Trains the missing members with all processors; requests are computed by `threads` afterwards.
    private func completedJury(_ store: ModelStore) throws -> Jury {
        Threads.setCount(ProcessInfo.processInfo.activeProcessorCount)
        defer { Threads.setCount(threads) }
        return try Jury(completing: store) { print("training on the built-in digits: \($0)") }
    }
}
