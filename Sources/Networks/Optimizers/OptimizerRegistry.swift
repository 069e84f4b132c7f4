import Arrays
import Support

/// The registry of optimisers: finds a rule by its name.
public typealias OptimizerRegistry = ComponentRegistry<any Optimizer.Type>

extension ComponentRegistry where Kind == any Optimizer.Type {
    /// The optimisers of this library.
    public static let standard: OptimizerRegistry = {
        var registry = OptimizerRegistry(of: "optimizer")
        let kinds: [any Optimizer.Type] = [
            SGD.self, Momentum.self, Nesterov.self, AdaGrad.self, RMSProp.self, Adam.self, AdamW.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds an optimiser under its `kind`; replaces one of that name.
    public mutating func register(_ optimizer: any Optimizer.Type) {
        register(optimizer, named: optimizer.kind)
    }
}
