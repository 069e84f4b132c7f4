import Descent
import Foundation
import Testing

@testable import Lab

@Suite("The lab's settings") struct SettingsTests {
    @Test("What is missing has its default; what is beyond its bounds is refused by name")
    func bounds() throws {
        let settings = try JSONDecoder().decode(LabSettings.self, from: Data(#"{"hidden":[3]}"#.utf8))
        #expect(settings.hidden == [3] && settings.data == "spirals")
        try settings.check()
        let changes: [(String, (inout LabSettings) -> Void)] = [
            ("count", { $0.count = 2_001 }), ("noise", { $0.noise = .nan }), ("hidden", { $0.hidden = [0] }),
            ("hidden", { $0.hidden = [Int](repeating: 4, count: 7) }),
            ("activation", { $0.activation = "../etc" }), ("optimizer", { $0.optimizer = "" }),
            ("learningRate", { $0.learningRate = .infinity }), ("batchSize", { $0.batchSize = 0 }),
            ("weightDecay", { $0.weightDecay = -1 }), ("dropout", { $0.dropout = 1 }),
            ("seed", { $0.seed = -1 }), ("trainLimit", { $0.trainLimit = 1 }),
            ("points", { $0.points = (0...1_000).map { _ in .init(x: 0, y: 0, classIndex: 0) } }),
            ("x", { $0.points = [.init(x: 2, y: 0, classIndex: 0)] }),
            ("classIndex", { $0.points = [.init(x: 0, y: 0, classIndex: 6)] }),
        ]
        for (place, change) in changes {
            var settings = LabSettings()
            change(&settings)
            let error = #expect(throws: DescentError.self) { try settings.check() }
            #expect(error?.place == place)
        }
    }

    @Test("Every optimiser and every activation that is offered learns")
    func offered() throws {
        let source = try LabSource(cache: "/nowhere")
        for optimizer in LabSettings.optimizers {
            var settings = LabSettings()
            (settings.optimizer, settings.weightDecay, settings.dropout) = (optimizer, 1e-4, 0.1)
            let training = try LabTraining(settings, source.data(for: settings))
            let before = try training.snapshot().train.loss ?? 0
            for _ in 0..<100 { try training.learn() }
            #expect(try training.snapshot().train.loss ?? .infinity < before, "\(optimizer)")
        }
        for activation in LabSettings.activations {
            var settings = LabSettings()
            settings.activation = activation
            let training = try LabTraining(settings, source.data(for: settings))
            let before = try training.snapshot().train.loss ?? 0
            for _ in 0..<300 { try training.learn() }
            #expect(try training.snapshot().train.loss ?? .infinity < before, "\(activation)")
        }
    }

    @Test("A network beyond the limit is refused before it is made")
    func size() throws {
        var settings = LabSettings()
        settings.hidden = [512]
        #expect(throws: DescentError.self) { try settings.makeNetwork(inputs: 20_000, classes: 10) }
    }

    @Test("Data are found by name only; points of one class are refused")
    func data() throws {
        let source = try LabSource(cache: "/nowhere")
        #expect(!source.names.contains("mnist") && !source.names.contains("own"))
        var settings = LabSettings()
        for name in ["/etc/passwd", "own", "mnist", ""] {
            settings.data = name
            #expect(throws: DescentError.self) { try source.data(for: settings) }
        }
        settings.data = "points"
        settings.points = (0..<5).map { .init(x: Double($0) / 5, y: 0, classIndex: 1) }
        #expect(throws: DescentError.self) { try source.data(for: settings) }
        settings.points.append(.init(x: 0, y: 1, classIndex: 4))
        #expect(try source.data(for: settings).train.classNames == ["class 1", "class 4"])
    }
}
