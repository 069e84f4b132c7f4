import Classification
import Support

extension SupportVectorRegression {
    /// `support vector regression`.
    public static let title = "support vector regression"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["kernel", "c", "gamma", "epsilon", "nu", "tolerance", "cache-mb"]

    /// Creates a regression with the settings of a text: an RBF kernel, C 1 and epsilon 0.1 unless told; `nu` takes the place of
    /// `epsilon`.
    public init(from settings: inout SettingText) throws {
        var kernel = KernelFunction.rbf()
        if let text = settings.text("kernel") {
            kernel = try DescentError.naming("kernel") { try KernelFunction(parsing: text) }
        }
        let searched = "compare regressions with other settings"
        self.init(
            kernel: kernel, cost: try settings.single("c", called: "cost", advice: searched) ?? 1)
        if let gamma = try settings.single("gamma", called: "gamma", advice: searched) {
            guard kernel.width != nil else {
                throw DescentError(
                    .usage, "\(kernel) has no gamma", at: "gamma", expected: "rbf, polynomial or sigmoid")
            }
            self.kernel = kernel.with(gamma: gamma)
        }
        let epsilon = try DescentError.naming("epsilon") { try settings.number("epsilon", in: 0...1e30) }
        if let nu = try settings.positive("nu", called: "nu", atMost: 1) {
            guard epsilon == nil else {
                throw DescentError(
                    .usage, "'nu' takes the place of 'epsilon'", at: "epsilon", advice: "give one of the two")
            }
            tube = .nu(nu)
        } else if let epsilon {
            tube = .epsilon(epsilon)
        }
        tolerance = try settings.positive("tolerance", called: "tolerance") ?? tolerance
        if let size = try settings.whole("cache-mb", in: 1...1 << 20) { cacheLimit = size << 20 }
    }

    /// C with epsilon or nu, and what differs from the usual; nil for what text cannot say.
    public var settings: [LearnerSetting]? {
        let usual = SupportVectorRegression()
        guard byteScale == usual.byteScale, stepLimit == nil, cacheLimit >= 1 << 20,
            cacheLimit % (1 << 20) == 0
        else { return nil }
        var settings: [LearnerSetting] = []
        switch kernel {
        case .custom: return nil
        case .rbf(.scale): break
        case .rbf(.value(let gamma)): settings.append(LearnerSetting("gamma", gamma))
        default: settings.append(LearnerSetting("kernel", "\(kernel)"))
        }
        settings.append(LearnerSetting("c", cost))
        switch tube {
        case .epsilon(let epsilon): settings.append(LearnerSetting("epsilon", epsilon))
        case .nu(let nu): settings.append(LearnerSetting("nu", nu))
        }
        if tolerance != usual.tolerance { settings.append(LearnerSetting("tolerance", tolerance)) }
        if cacheLimit != usual.cacheLimit {
            settings.append(LearnerSetting("cache-mb", "\(cacheLimit >> 20)"))
        }
        return settings
    }

    /// `support vector regression, rbf:gamma=0.02, C 1, epsilon 0.1`.
    public func summary(of regressor: SupportVectorRegressor) -> String {
        let tube =
            switch tube {
            case .epsilon(let epsilon): "epsilon \(Numerals.number(epsilon))"
            case .nu(let nu): "nu \(Numerals.number(nu))"
            }
        return "\(Self.title), \(kernel), C \(Numerals.number(cost)), \(tube)"
    }
}
