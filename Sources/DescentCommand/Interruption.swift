import Descent
import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM while there is a model to save: the first asks the work to stop after its step, the second
/// ends the program at once.
final class Interruption {
    /// The wish that the signals make.
    let cancellation = Cancellation()
    private var sources: [any DispatchSourceSignal] = []

    /// Takes over the two signals until `end()`.
    ///
    /// - Parameter told: called, on another thread, at the first signal.
    init(_ told: @escaping @Sendable () -> Void) {
        let cancellation = cancellation
        let queue = DispatchQueue(label: "descent.signals")
        for number in [SIGINT, SIGTERM] {
            // Dispatch sees a signal beside its default action, which would end the program.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if cancellation.isCancelled { _exit(130) }
                cancellation.cancel()
                told()
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Gives the signals back their usual meaning.
    func end() {
        for source in sources { source.cancel() }
        sources = []
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
