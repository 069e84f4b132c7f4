import ArrayFiles
import Arrays
import Classification
import Support
import Testing

@testable import Classical

/// Classifiers and transforms found by their names, with settings as text.
@Suite struct LearnerRegistryTests {
    @Test func theKindsOfThisLibrary() throws {
        let registry = ClassifierRegistry.standard
        #expect(
            registry.names == ["knn", "svm", "linear-svm", "logistic", "naive-bayes", "nearest-centroid"])
        #expect(TransformRegistry.standard.names == ["standard", "min-max", "pca"])
        let unknown = #expect(throws: DescentError.self) { try registry.kind(named: "forest") }
        #expect(unknown?.what == "unknown classifier" && unknown?.got == "'forest'")
        #expect(unknown?.expected == registry.names.joined(separator: ", "))
        for kind in registry.kinds { #expect(kind.title.count > 5, "\(kind)") }
    }

    private func learner(_ name: String, _ settings: [(String, String)]) throws -> any Learner {
        var text = SettingText(name, settings: settings.map { (key: $0.0, value: $0.1) }, of: "classifier")
        let learner = try ClassifierRegistry.standard.kind(named: name).init(from: &text)
        try text.finish()
        return learner
    }

    /// What `settings` says makes the same learner again, and what was given is in it.
    @Test func settingsGoThereAndBack() throws {
        let cases: [(String, [(String, String)])] = [
            ("knn", [("k", "5"), ("metric", "l1"), ("distance-weights", "true")]),
            ("knn", [("k", "auto:20")]), ("knn", [("k", "3"), ("approximate", "true"), ("seed", "7")]),
            ("svm", [("c", "5"), ("gamma", "0.02")]), ("svm", [("kernel", "linear"), ("nu", "0.3")]),
            ("svm", [("c", "1,10"), ("gamma", "0.1,0.2"), ("folds", "3")]),
            ("svm", [("c", "2"), ("class-weights", "3=2,8=0.5"), ("tolerance", "0.01"), ("cache-mb", "64")]),
            ("svm", [("c", "2"), ("fit-probabilities", "true"), ("seed", "9")]),
            ("linear-svm", [("c", "0.5"), ("squared-hinge", "true"), ("seed", "2")]),
            ("linear-svm", [("c", "0.1"), ("multiclass", "crammer-singer"), ("tolerance", "0.2")]),
            ("logistic", [("c", "3"), ("class-weights", "balanced")]),
            ("naive-bayes", [("class-weights", "a=2")]), ("nearest-centroid", []),
        ]
        for (name, given) in cases {
            let one = try learner(name, given)
            let settings = try #require(one.settings, "\(name) \(given)")
            for (key, value) in given {
                #expect(settings.contains(LearnerSetting(key, value)), "\(name) \(key): \(settings)")
            }
            let other = try learner(name, settings.map { ($0.name, $0.value) })
            #expect("\(one)" == "\(other)" && other.settings == settings, "\(name) \(given)")
        }
    }

    /// What text cannot say, or what the reader would refuse, has no settings.
    @Test func whatTextCannotSayHasNoSettings() {
        func changed<L: Learner>(_ learner: L, _ change: (inout L) -> Void) -> any Learner {
            var learner = learner
            change(&learner)
            return learner
        }
        func searching(
            _ costs: [Double], _ gammas: [Double], folds: Int = 5,
            _ machine: SupportVectorMachine = SupportVectorMachine()
        ) -> any Learner {
            changed(machine) {
                $0.search = SupportVectorGridSearch(costs: costs, gammas: gammas, folds: folds, seed: $0.seed)
            }
        }
        var learners: [any Learner] = [
            changed(LogisticRegression()) { $0.byteScale = 1 }, LogisticRegression(maximumIterations: 5),
            LogisticRegression(tolerance: 0.1), GaussianNaiveBayes(smoothing: 0.5),
            searching([3], []), searching([3], [0.1]), searching([], [0.1, 0.2]),
            searching([1, 2], [], folds: 1), searching([1, 2], [], SupportVectorMachine(nu: 0.2)),
            searching([1, 2], [0.1], SupportVectorMachine(kernel: .linear)),
        ]
        for weights: ClassWeights in [["a,b": 2], ["": 2], ["a": .nan], ["a": -1]] {
            learners += [
                changed(LogisticRegression()) { $0.classWeights = weights },
                changed(GaussianNaiveBayes()) { $0.classWeights = weights },
                changed(SupportVectorMachine()) { $0.classWeights = weights },
                changed(LinearSupportVectorMachine()) { $0.classWeights = weights },
            ]
        }
        for learner in learners { #expect(learner.settings == nil, "\(learner)") }
        let named = changed(LogisticRegression()) { $0.classWeights = ["a=b": 2] }
        #expect(named.settings?.last == LearnerSetting("class-weights", "a=b=2"))
        for search in [searching([1, 2], []), searching([3], [0.1, 0.2])] {
            #expect(search.settings?.contains(LearnerSetting("folds", "5")) == true)
        }
    }

    @Test func settingsThatAreNoneAreRefused() throws {
        let cases: [(String, [(String, String)], String, String?)] = [
            ("knn", [("k", "0")], "unknown k", "k"), ("knn", [("metric", "l7")], "unknown metric", "metric"),
            ("svm", [("c", "0")], "impossible cost", "c"), ("svm", [("c", "1,x")], "impossible cost", "c"),
            ("svm", [("nu", "1.5")], "impossible nu", "nu"),
            ("svm", [("nu", "0.2"), ("c", "1")], "'nu' takes the place of 'c'", "c"),
            ("svm", [("folds", "3")], "nothing is searched for", "folds"),
            ("svm", [("kernel", "linear"), ("gamma", "1")], "linear has no gamma", "gamma"),
            ("svm", [("cache-mb", "0")], "impossible cache-mb", "cache-mb"),
            ("svm", [("seed", "-1")], "impossible seed", "seed"),
            ("linear-svm", [("c", "1,2")], "linear-svm is not searched for", "c"),
            (
                "linear-svm", [("squared-hinge", "true"), ("multiclass", "crammer-singer")],
                "Crammer and Singer's problem has the hinge loss", "squared-hinge"
            ), ("logistic", [("class-weights", "a")], "not weights of classes", "class-weights"),
            ("naive-bayes", [("c", "1")], "naive-bayes has no setting 'c'", "classifier 'naive-bayes:c=1'"),
        ]
        for (name, given, what, place) in cases {
            let error = #expect(throws: DescentError.self) { try learner(name, given) }
            #expect(error?.kind == .usage && error?.what == what, "\(name): \(String(describing: error))")
            #expect(error?.place == place, "\(name): \(String(describing: error))")
        }
    }

    @Test func transformsAreReadFromText() throws {
        let rows: NDArray<Float> = [[1, 5, 2], [2, 5, 4], [4, 5, 1], [3, 5, 9]]
        for (text, again, width) in [
            ("standard", "standard", 3), ("min-max:from=-1,to=1", "min-max:from=-1.0,to=1.0", 3),
            ("pca:2", "pca:2", 2), ("pca:share=0.5,whiten=true", "pca:share=0.5,whiten=true", 1),
        ] {
            let learner = try TransformRegistry.standard.transform(parsing: text)
            #expect(learner.text == again)
            let fitted: any RowTransform = try learner.fit(rows, cancellation: nil)
            #expect(fitted.outputCount == width && type(of: fitted).kind == type(of: learner).kind)
            #expect(try fitted.apply(to: rows).shape == [4, width])
        }
        for text in [
            "", "log", "standard:x=1", "standard:constants=x", "min-max:from=2,to=1", "pca:0",
            "pca:2,share=0.5",
        ] {
            let error = #expect(throws: DescentError.self, "\(text)") {
                try TransformRegistry.standard.transform(parsing: text)
            }
            #expect(error?.kind == .usage)
        }
        let refused = try TransformRegistry.standard.transform(parsing: "standard:constants=refused")
        #expect(throws: DescentError.self) {
            _ = try refused.fit(rows, cancellation: nil) as any RowTransform
        }
    }
}
