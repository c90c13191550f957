//! The sample data, through the use cases.

use crate::harness::{World, root};
use domain::policy::Role;
use domain::workflow::Stage;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_demo_desk_has_claims_in_every_stage_and_loading_it_again_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let seeds = root().join("seeds");
    server::seed::load(&world.desk, &seeds).await.expect("loaded");
    let admin = world.actor(Role::Admin);
    let first = world.desk.dashboard(admin).await.expect("a dashboard");
    for stage in Stage::ALL {
        assert!(first.in_stage(*stage) > 0, "no claim is {stage}");
    }
    let scales = world.desk.scales().await.expect("scales");
    for rating in &scales.find(domain::scale::DEFAULT).expect("the default").ratings {
        assert!(first.rated(&rating.key) > 0, "no claim is rated {}", rating.key);
    }
    server::seed::load(&world.desk, &seeds).await.expect("loaded again");
    let second = world.desk.dashboard(admin).await.expect("a dashboard");
    assert_eq!(first.standings, second.standings);
    assert_eq!(first.today, second.today);
}
