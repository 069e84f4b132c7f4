import Descent
import Foundation
import Testing

@testable import Lab

@Suite("Slow motion, and methods without a network") struct MethodTests {
    @Test(
        "The two gradients agree at every node, and the step makes the loss smaller",
        arguments: ["tanh", "sigmoid", "gelu", "silu", "elu", "relu"])
    func gradients(activation: String) throws {
        var settings = LabSettings()
        (settings.activation, settings.hidden) = (activation, [5, 4])
        let training = try LabTraining(settings, LabSource(cache: "/nowhere").data(for: settings))
        for _ in 0..<20 { try training.learn() }
        let motion = try SlowMotion(training, example: 3)
        #expect(motion.nodes.map(\.name).joined(separator: " ") == "x W1 b1 z1 a1 W2 b2 z2 a2 W3 b3 z3 p L")
        #expect(motion.largestDifference < 1e-6, "\(motion.largestDifference)")
        #expect(motion.lossAfter < motion.loss)
        for node in motion.nodes {
            #expect(node.values.count == node.rows.count * node.columns.count)
            #expect(node.gradient.count == node.values.count && node.numerical.count == node.values.count)
            #expect(node.updated.isEmpty == !["weight", "bias"].contains(node.kind))
        }
        // The library's own loss of the same example.
        let (value, _) = valueAndGradients(of: training.network, in: Double.self) { network in
            network(training.data.train.features, rows: [3])
                .softmaxCrossEntropy(labels: [training.data.train.classes[3]])
        }
        #expect(abs(value - motion.loss) < 1e-9)
        #expect(throws: DescentError.self) { try SlowMotion(training, example: 1_000_000) }
    }

    @Test(
        "A machine's decisions are 0 where its classes meet; its support vectors are points that it learned from"
    )
    func machine() throws {
        var settings = LabSettings()
        settings.data = "moons"
        let data = try LabSource(cache: "/nowhere").data(for: settings)
        for kernel in ["rbf", "linear", "polynomial"] {
            var method = PlaneMethod()
            method.kernel = kernel
            let picture = try method.picture(of: data)
            let decisions = try #require(picture.decisions)
            let classes = try #require(Data(base64Encoded: picture.boundary.classes))
            #expect(decisions.count == classes.count)
            // A decision above 0 is the first class.
            let agreeing = zip(decisions, classes).count { ($0 > 0) == ($1 == 0) }
            #expect(agreeing > classes.count * 999 / 1_000, "\(kernel): \(agreeing)")
            #expect(!picture.supportVectors.isEmpty && picture.supportVectors.count < picture.points.count)
        }
        var method = PlaneMethod()
        (method.cost, method.gamma) = (10, 2)
        #expect(try method.picture(of: data).testAccuracy > 0.95)
        method.cost = .infinity
        #expect(throws: DescentError.self) { try method.picture(of: data) }
    }

    @Test("One neighbour knows every point that it has learned; data of other shapes are refused")
    func neighbours() throws {
        var settings = LabSettings()
        settings.noise = 0.2
        let source = try LabSource(cache: "/nowhere")
        var method = PlaneMethod()
        (method.kind, method.k) = (.knn, 1)
        let sharp = try method.picture(of: source.data(for: settings))
        #expect(sharp.trainAccuracy == 1 && sharp.testAccuracy < 1 && sharp.decisions == nil)
        method.k = 25
        #expect(try method.picture(of: source.data(for: settings)).trainAccuracy < 1)
        (settings.data, settings.trainLimit) = ("digits", 50)
        #expect(throws: DescentError.self) { try method.picture(of: source.data(for: settings)) }
    }
}
