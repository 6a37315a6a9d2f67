//! From the configuration file to what the daemon goes by.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{self, Config};
use crate::daemon::Settings;
use crate::lexicon::Lexicon;
use crate::pages::worker::Workers;

/// Where the configuration lies when nothing is said.
pub(super) const USUAL_PATH: &str = "/etc/watchfire/watchfire.toml";

/// Names a configuration.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ConfigFile {
    /// The configuration file
    #[arg(long, short, value_name = "FILE", default_value = USUAL_PATH)]
    pub config: PathBuf,
}

/// Reads the configuration at `path` with the places of `lexicon`.
pub(super) fn load(path: &Path, lexicon: &Lexicon) -> Result<Settings, config::Error> {
    config::load(path, &lexicon.places).map(|config| settings(config, lexicon))
}

fn settings(config: Config, lexicon: &Lexicon) -> Settings {
    let places = lexicon.places.clone().with_rows(&config.places);
    Settings {
        store: config.store,
        alerts: config.alerts,
        fetch: config.fetch,
        sources: config.sources,
        watches: config.watches,
        lexicon: Arc::new(Lexicon { places, ..lexicon.clone() }),
        late_after: config.late_after,
        workers: Workers::of_this_program(),
    }
}
