import ArgumentParser
import Descent
import Foundation
import Lab
import Logging
import Pages
import Serving

/// `descent lab`: a network that learns in a browser.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Watch a network learn, in a browser.",
        discussion: """
            EXAMPLES
              descent lab
                  http://127.0.0.1:8080/lab: points of the plane, digits, MNIST where it is
                  cached; layers, optimiser, learning rate; loss, boundary, weights as they change
              descent lab --data flowers.csv --label kind
                  one's own table beside them
              descent lab --data photos --out runs
                  one's own pictures; what has learned can be saved below runs

            A run belongs to the page that began it and ends when the page is closed. \
            Nothing is opened by itself: the address is printed.
            """)

    @Option(
        help: ArgumentHelp("A table of text or a folder of pictures, one's own.", valueName: "path"),
        completion: .file())
    var data: String?

    @Option(help: ArgumentHelp("The column of the classes in the table.", valueName: "column"))
    var label: String?

    @Option(
        help: ArgumentHelp("The folder below which models may be saved; without it none.", valueName: "dir"),
        completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The address to listen on; 0.0.0.0 for every one of this machine's.", valueName: "address"))
    var hostname = "127.0.0.1"

    @Option(help: ArgumentHelp("The port; 0 for one that is free.", valueName: "n"))
    var port = 8080

    func run() async throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port), expected 0 to 65535")
        }
        guard label == nil || data != nil else { throw ValidationError("--label is for a table: --data") }
        guard out != "" else { throw ValidationError("--out is empty, expected a folder") }
        let lab = LabPage(try LabSource(data: data, label: label), output: out)
        var logger = Logger(label: "descent.lab")
        logger.logLevel = .notice
        var server = try ModelServer(folders: [], logger: logger)
        (server.hostname, server.port) = (hostname, port)
        server.additionalRoutes = { request, _ in try await lab.response(to: request) }
        if !server.isLoopback {
            logger.notice(
                "everyone who reaches this machine reaches the lab", metadata: ["hostname": "\(hostname)"])
        }
        let address = hostname
        let outcome: Result<Void, any Error>
        do {
            try await server.run { port in
                print("the lab is at http://\(address):\(port)/lab  (Ctrl-C ends)")
                // Whoever reads it by a pipe wants it now.
                fflush(nil)
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await lab.end()
        try outcome.get()
    }
}
