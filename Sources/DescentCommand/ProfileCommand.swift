import ArgumentParser
import Descent

/// `descent profile`: where the time of a training step goes.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Measure where the time of a training step goes, layer by layer.",
        discussion: """
            Forward and backward of each layer, the loss, the update and the data, beside \
            the roofline that this machine's arithmetic and memory allow. Flags of \
            'descent train' for the network and its steps are taken; nothing is kept.

            EXAMPLES
              descent profile
                  the two-layer network on built-in digits
              descent profile --data mnist --model lenet --batch-size 128
                  a convolutional network
              descent profile --model residual --threads 1 --steps 5
                  on one thread, so many steps
            """)

    @OptionGroup var trial: TrialOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Steps that are measured (default: for about two seconds).", valueName: "n"))
    var steps: Int?

    func validate() throws {
        if let steps, !(1...1_000_000).contains(steps) {
            throw ValidationError("--steps must be 1 to 1000000, not \(steps)")
        }
    }

    func run() async throws {
        let (job, data) = try await trial.job("profile")
        let model = try job.makeModel(for: data)
        let interruption = Interruption(saying: trial.options)
        defer { interruption.end() }
        let profile = try TrainingProfile.measure(
            model.network, job.trainer, on: data.train, steps: steps,
            cancellation: interruption.cancellation)
        let title =
            "\(model.architecture.name) on \(data.name), \(type(of: job.trainer.optimizer).kind), batch \(profile.batchSize)"
        try Output.standard.write(trial.options.json ? json(profile) : text(profile, title))
        if interruption.cancellation.isCancelled {
            throw DescentError(
                .interrupted, "interrupted after \(Numerals.counted(profile.steps, "step"))")
        }
    }

    private func text(_ profile: TrainingProfile, _ title: String) -> String {
        var table = TextTable(
            ["part", "forward", "backward", "sum", "share", "GFLOP/s", "roof"],
            alignments: [.left, .right, .right, .right, .right, .right, .right])
        func add(
            _ name: String, _ forward: Double?, _ backward: Double?, _ sum: Double,
            _ more: [String] = ["", ""]
        ) {
            table.rows.append(
                [
                    name, forward.map(Self.micro) ?? "", backward.map(Self.micro) ?? "", Self.micro(sum),
                    Numerals.fixed(100 * sum / profile.step, 1) + " %",
                ] + more)
        }
        add("data", nil, nil, profile.data)
        for layer in profile.layers {
            let sum = layer.forward + layer.backward
            let speed = Self.speed(layer).map { Numerals.fixed($0 / 1e9, 1) } ?? ""
            let share = Self.share(layer, profile).map { Numerals.fixed(100 * $0, 0) + " %" } ?? ""
            add(Self.short(layer), layer.forward, layer.backward, sum, [speed, share])
        }
        add("loss", profile.lossForward, profile.lossBackward, profile.lossForward + profile.lossBackward)
        add("update", nil, nil, profile.update)
        add("rest (tape, memory)", nil, nil, profile.rest)
        add(
            "whole step", nil, nil, profile.step,
            [profile.operations.map { Numerals.fixed($0 / profile.step / 1e9, 1) } ?? "", ""])
        let roof = profile.roofline
        return """
            \(title.showingControlCharacters), \(Numerals.counted(Threads.count, "thread"))
            microseconds a step, mean of \(Numerals.grouped(profile.steps))

            \(table.text)
            A step takes \(Self.micro(profile.plainStep)) us when nobody measures inside it (a convolution and the
            pooling behind it are one pass then):
            \(Numerals.rate(1 / max(profile.plainStep, 1e-9))) steps per second, \
            \(Numerals.rate(Double(profile.batchSize) / max(profile.plainStep, 1e-9))) examples per second.
            This machine, measured now with the same kernels: \(Numerals.fixed(roof.peak / 1e9, 0)) GFLOP/s
            (matrix product of 1024), \(Numerals.fixed(roof.bandwidth / 1e9, 1)) GB/s (memory).
            Roof, the share of roofline: the least time for a layer's operations and bytes,
            by its time. Above 100 %: values stayed in the caches, or zeros were skipped
            instead of multiplied (operations are counted as if they were not).

            """
    }

    /// Number, type and kernel of a layer, so short that the table fits into 80 columns.
    private static func short(_ layer: TrainingProfile.LayerPart) -> String {
        let numbers = layer.indices.map(String.init).joined(separator: "+")
        let name = layer.name.prefix { $0 != "," }
        return String("\(numbers) \(name)".prefix(22))
    }

    /// Microseconds, with one decimal where that is not too long.
    private static func micro(_ seconds: Double) -> String {
        Numerals.fixed(1e6 * seconds, seconds < 0.01 ? 1 : 0)
    }

    private static func operations(_ layer: TrainingProfile.LayerPart) -> Double? {
        guard let forward = layer.forwardOperations, let backward = layer.backwardOperations, forward > 0
        else { return nil }
        return forward + backward
    }

    private static func speed(_ layer: TrainingProfile.LayerPart) -> Double? {
        let seconds = layer.forward + layer.backward
        return seconds > 0 ? operations(layer).map { $0 / seconds } : nil
    }

    /// Forward and backward together: backward moves inputs, outputs' gradients and weights about twice.
    private static func share(_ layer: TrainingProfile.LayerPart, _ profile: TrainingProfile) -> Double? {
        profile.share(
            operations: operations(layer), bytes: layer.bytes.map { 3 * $0 },
            seconds: layer.forward + layer.backward)
    }

    private func json(_ profile: TrainingProfile) -> String {
        let layers = profile.layers.map { layer -> JSONText in
            [
                "layers": .array(layer.indices.map(JSONText.integer)), "name": .string(layer.name),
                "forward_us": .rounded(1e6 * layer.forward, decimals: 2),
                "backward_us": .rounded(1e6 * layer.backward, decimals: 2),
                "share": .rounded((layer.forward + layer.backward) / profile.step, decimals: 4),
                "gflops": .rounded(Self.speed(layer).map { $0 / 1e9 }, decimals: 2),
                "roofline_share": .rounded(Self.share(layer, profile), decimals: 4),
            ]
        }
        let line: JSONText = [
            "event": "profile", "version": 1, "steps": .integer(profile.steps),
            "batch_size": .integer(profile.batchSize),
            "threads": .integer(Threads.count), "step_us": .rounded(1e6 * profile.step, decimals: 2),
            "plain_step_us": .rounded(1e6 * profile.plainStep, decimals: 2),
            "data_us": .rounded(1e6 * profile.data, decimals: 2),
            "loss_forward_us": .rounded(1e6 * profile.lossForward, decimals: 2),
            "loss_backward_us": .rounded(1e6 * profile.lossBackward, decimals: 2),
            "update_us": .rounded(1e6 * profile.update, decimals: 2),
            "rest_us": .rounded(1e6 * profile.rest, decimals: 2),
            "peak_gflops": .rounded(profile.roofline.peak / 1e9, decimals: 1),
            "memory_gb_per_second": .rounded(profile.roofline.bandwidth / 1e9, decimals: 2),
            "layers": .array(layers),
        ]
        return line.line + "\n"
    }
}
