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
    var models: [String]

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
        guard !models.isEmpty else { throw ValidationError("a model is missing, such as runs/latest") }
        guard (1...1_024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        Threads.setCount(threads)
        var logger = Logger(label: "descent.server")
        logger.logLevel = accessLog ? .info : .notice
        var server = try ModelServer(
            folders: models, batchDelay: .microseconds(Int64(batchDelay * 1_000)), logger: logger)
        (server.hostname, server.port) = (hostname, port)
        server.additionalRoutes = { request, _ in DrawingPage.response(to: request) }
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
}
