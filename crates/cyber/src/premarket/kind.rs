//! The kinds of documents that rules ask for and product files name, and the items of the record.

use base::Names;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident: $code:literal, $ja:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// Its name in rules and product files.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }
            /// Its name for a person.
            pub fn names(self) -> Names {
                match self { $($name::$variant => Names::of($ja, $en),)* }
            }
            /// The one of a name.
            pub fn named(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                Self::named(&text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|one| one.code()).collect();
                    serde::de::Error::custom(format!("`{text}` is not known here; write one of: {}", known.join(", ")))
                })
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

codes! {
    /// What a document is.
    DocumentKind {
        /// Security design.
        SecurityDesign: "security-design", "セキュリティ設計文書", "security design";
        /// Risk management.
        RiskManagement: "risk-management", "リスクマネジメント文書", "risk management";
        /// Security testing.
        SecurityTest: "security-test", "セキュリティ試験文書", "security testing";
        /// Plan of the total product life cycle.
        LifeCyclePlan: "life-cycle-plan", "TPLC管理計画文書", "plan for the total product life cycle";
        /// Instructions and security documents for customers.
        CustomerSecurity: "customer-security", "取扱説明・顧客向けセキュリティ文書", "instructions and security documents for customers";
        /// Gap analysis of transition health software.
        GapAnalysis: "gap-analysis", "ギャップ分析", "gap analysis";
        /// Gaps closed.
        GapClosing: "gap-closing", "ギャップ解消の記録", "record of gaps closed";
        /// Rationale for continued use.
        ContinuedUse: "continued-use", "継続使用の根拠", "rationale for continued use";
        /// Declaration of transition health software.
        Declaration: "declaration", "適合宣言報告書", "declaration report";
        /// Security policy.
        SecurityPolicy: "security-policy", "セキュリティポリシー", "security policy";
        /// Plan of EOL and EOS.
        EolEosPlan: "eol-eos-plan", "EOL・EOSの計画", "plan of EOL and EOS";
        /// Upgrade options.
        UpgradeOptions: "upgrade-options", "更新の選択肢", "upgrade options";
        /// How the SBOM is provided.
        SbomDelivery: "sbom-delivery", "SBOMの提供と変更管理", "delivery and change control of the SBOM";
        /// Manufacturer disclosure statement.
        Mds2: "mds2", "MDS2", "MDS2";
        /// Maintenance plan.
        MaintenancePlan: "maintenance-plan", "保守計画", "maintenance plan";
        /// Notice of the end of life.
        EolNotice: "eol-notice", "EOLの通知", "notice of EOL";
        /// Plan of the end of support.
        EosPlan: "eos-plan", "EOSの計画", "plan of EOS";
        /// Updates of what was provided.
        Updates: "updates", "提供文書の更新", "updates of what was provided";
        /// Notice of the end of support.
        EosNotice: "eos-notice", "EOSの通知", "notice of EOS";
        /// Records that feeds are followed.
        FeedRecord: "feed-record", "脆弱性情報の購読の記録", "record that feeds are followed";
        /// Procedure for vulnerabilities.
        VulnerabilityProcedure: "vulnerability-procedure", "脆弱性の対応手順", "procedure for vulnerabilities";
        /// Procedure to inform hospitals.
        InformHospitals: "inform-hospitals", "医療機関への情報提供の手順", "procedure to inform hospitals";
        /// Procedure to report and register vulnerabilities.
        CoordinationProcedure: "coordination-procedure", "届出・CVE登録の手順", "procedure to report and register vulnerabilities";
        /// End of life and support of components.
        ComponentLifeCycle: "component-life-cycle", "部品の寿命の一覧", "list of the components' life";
        /// Plan to monitor vulnerabilities (FDA).
        MonitoringPlan: "monitoring-plan", "市販後の監視計画", "plan to monitor after the market";
        /// Process of regular updates (FDA).
        UpdateProcess: "update-process", "通常周期の更新手順", "process of regular updates";
        /// Process of urgent updates (FDA).
        UrgentUpdateProcess: "urgent-update-process", "緊急の更新手順", "process of urgent updates";
        /// Assets in which components reside (FDA).
        ComponentAssets: "component-assets", "部品が置かれる資産の一覧", "list of assets in which components reside";
        /// Risk assessment of known vulnerabilities (FDA).
        VulnerabilityRiskAssessment: "vulnerability-risk-assessment", "既知の脆弱性のリスク評価", "risk assessment of known vulnerabilities";
        /// What FDA asks besides.
        FdaOther: "fda-other", "FDAのその他の要求への対応", "answers to other requirements of FDA";
    }
}

codes! {
    /// An item of the record: a requirement of article 12(3), or a row of the table of JIS T 81001-5-1.
    Item {
        /// First requirement.
        R1: "R1", "第12条第3項 一つ目の要件", "first requirement of article 12(3)";
        /// Second requirement.
        R2: "R2", "第12条第3項 二つ目の要件", "second requirement of article 12(3)";
        /// Third requirement.
        R3: "R3", "第12条第3項 三つ目の要件", "third requirement of article 12(3)";
        /// General requirements.
        T1: "T1", "① 一般要求事項", "(1) general requirements";
        /// Development.
        T2: "T2", "② ソフトウェア開発プロセス", "(2) software development";
        /// Maintenance.
        T3: "T3", "③ ソフトウェア保守プロセス", "(3) software maintenance";
        /// Security risk management.
        T4: "T4", "④ セキュリティリスクマネジメントプロセス", "(4) security risk management";
        /// Configuration management.
        T5: "T5", "⑤ ソフトウェア構成管理プロセス", "(5) software configuration management";
        /// Problem resolution.
        T6: "T6", "⑥ ソフトウェア問題解決プロセス", "(6) software problem resolution";
    }
}

codes! {
    /// Where a product stands in its life.
    State {
        /// Being designed and developed.
        Development: "development", "設計開発", "development";
        /// On the market and supported.
        Supported: "supported", "サポート", "supported";
        /// Between EOL and EOS.
        Limited: "limited", "限定的サポート", "limited support";
        /// After EOS.
        Ended: "ended", "EOS", "end of support";
    }
}

codes! {
    /// To which part of the file a rule belongs.
    Chapter {
        /// Article 12(3).
        EssentialPrinciple: "essential-principle", "基本要件基準第12条第3項", "Essential principle, article 12(3)";
        /// Rows of JIS T 81001-5-1.
        JisRecord: "jis-record", "JIS T 81001-5-1 の項目ごとの記録", "Record per item of JIS T 81001-5-1";
        /// Annex F.
        Transition: "transition", "トランジションヘルスソフトウェア（附属書F）", "Transition health software (annex F)";
        /// Documents of the handbook.
        Documents: "documents", "手引書が挙げる文書", "Documents the handbook names";
        /// Content of the SBOM.
        Sbom: "sbom", "SBOMの内容", "Content of the SBOM";
        /// Vulnerabilities.
        Vulnerabilities: "vulnerabilities", "脆弱性とその評価", "Vulnerabilities and their assessment";
        /// Life cycle.
        LifeCycle: "life-cycle", "ライフサイクル", "Life cycle";
        /// After the market.
        PostMarket: "post-market", "市販後の備え", "Readiness for after the market";
        /// FDA.
        Fda: "fda", "米国へ輸出する場合（FDA）", "When exporting to the United States (FDA)";
    }
}

codes! {
    /// How binding a rule is.
    Strength {
        /// Law in force.
        InForce: "in-force", "法令（施行中）", "law in force";
        /// A notice of the ministry.
        Notice: "notice", "通知", "notice";
        /// The handbook.
        Handbook: "handbook", "手引書", "handbook";
        /// A standard.
        Standard: "standard", "規格", "standard";
        /// Guidance of an authority abroad.
        Guidance: "guidance", "海外当局のガイダンス", "guidance of an authority abroad";
        /// A draft.
        Draft: "draft", "案", "draft text";
        /// A check of ours.
        Own: "own", "当方の点検", "a check of ours";
        /// Proposed only.
        Proposal: "proposal", "構想", "proposal";
    }
}
